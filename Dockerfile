# Rung in a container: one process, one volume (/data), no root. docs/serving.md says how to run it.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/app.txt requirements/app.txt
RUN python -m venv /opt/rung && /opt/rung/bin/pip install --require-hashes -r requirements/app.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
RUN /opt/rung/bin/pip install --no-deps --no-build-isolation . && /opt/rung/bin/python -m compileall -q /opt/rung/lib

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Rung" \
      org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-4.0"
COPY --from=build /opt/rung /opt/rung
# Any other user will do as well (docker run --user), where /data belongs to that one.
RUN install -d -o 10001 -g 10001 -m 700 /data
ENV PATH=/opt/rung/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    RUNG_DATA_FOLDER=/data \
    RUNG_HOST=0.0.0.0 \
    RUNG_PORT=8000 \
    RUNG_HEALTH=yes
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['RUNG_PORT'] + '/readyz', timeout=4)"]
CMD ["rung", "serve", "--no-open"]
