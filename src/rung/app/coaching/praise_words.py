"""Words that tell nothing about what somebody did, by language: praise, filling words, and promises.

A word list is a blunt tool, and only one part of the check (`encouraging`): what is left of a text without
these words is what it tells. Words are folded as in a search: lower case, without accents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["PRAISE", "Praise"]


@dataclass(frozen=True, slots=True)
class Praise:
    """What one language has of them."""

    empty: str
    """Words of praise and of filling, parted by spaces: they may stand in a text, and say nothing in it."""
    promises: tuple[str, ...]
    """Phrases that promise what nobody can know, or speak of the person as a whole."""


PRAISE: Mapping[str, Praise] = {
    "en": Praise(
        empty=(
            "a am amazing an and are as at awesome be been believe best better brilliant but by can "
            "clever could did do does doing done excellent extremely fabulous fantastic feel for from "
            "genius gifted go going good great had happy has have he her hero him his how i impressed "
            "impressive in incredible is it its job just keep know like lovely made make me more most "
            "much my natural nice of on outstanding perfect proud really she smart so spectacular "
            "star strong such super superb talented terrific that the their them they this to today "
            "too truly up us very was way we well were what when who will winner wonderful work wow "
            "yeah yes yet you your you're youre"
        ),
        promises=(
            "you can do anything",
            "you can do everything",
            "anything is possible",
            "everything is possible",
            "nothing can stop you",
            "believe in yourself",
            "you will definitely",
            "you'll definitely",
            "you cannot fail",
            "you can't fail",
            "you are a natural",
            "you're a natural",
            "you are the best",
            "you're the best",
            "you are amazing",
            "you're amazing",
            "there is nothing you can't",
            "no doubt you will",
            "guaranteed",
        ),
    ),
    "de": Praise(
        empty=(
            "absolut aber ach als am an auch auf aus ausgezeichnet beeindruckend beste bin bist "
            "brilliant brav da das dass dein deine dem den der des die dir du echt ein eine einen "
            "einfach er es fabelhaft fantastisch fur ganz gemacht genial gern gelungen geschafft "
            "grossartig gut hast hat hervorragend heute ich ihr im immer in ist ja klasse klug kann "
            "kannst machst mach mal mein mich mir mit naturtalent nur perfekt phantastisch prima "
            "richtig sehr sein sie sind so spitze stark stolz super talentiert toll und uns "
            "unglaublich von war warst was weiter wie wir wirklich wow wunderbar zu"
        ),
        promises=(
            "du kannst alles",
            "du schaffst alles",
            "alles ist moglich",
            "nichts kann dich aufhalten",
            "glaub an dich",
            "glaube an dich",
            "du wirst es auf jeden fall",
            "du kannst nicht scheitern",
            "du bist ein naturtalent",
            "du bist die beste",
            "du bist der beste",
            "ganz sicher schaffst du",
            "garantiert",
        ),
    ),
    "es": Praise(
        empty=(
            "a al asombroso bien bravo brillante bueno buena campeon campeona con como crack de del "
            "el ella en eres es esta estas estoy esto estupendo excelente extraordinario fantastico "
            "genial gran grande ha has hecho haces haz hoy hiciste increible impresionante la las "
            "listo lo los magnifico maravilloso mas mejor mi muy me no orgulloso orgullosa perfecto "
            "por puedes que quiero realmente se sabia se si sigue sobresaliente son soy su super "
            "talento te tan tu tus un una y ya yo"
        ),
        promises=(
            "puedes con todo",
            "puedes hacer cualquier cosa",
            "puedes hacerlo todo",
            "todo es posible",
            "nada puede pararte",
            "nada te puede parar",
            "cree en ti",
            "seguro que lo logras",
            "no puedes fallar",
            "eres el mejor",
            "eres la mejor",
            "eres increible",
            "garantizado",
        ),
    ),
    "ar": Praise(
        empty=(
            "انت انا احسنت احسنتي رائع رائعه ممتاز ممتازه عظيم عظيمه جدا جيد جيده جميل مذهل مدهش بطل "
            "بطله فخور فخوره بك مبدع مبدعه عبقري عبقريه ذكي ذكيه موهوب موهوبه قوي قويه استمر استمري "
            "برافو هائل عمل هذا هذه ما في من على كل كان كنت هو هي لقد قد يا و ان نعم واو حقا فعلا "
            "اليوم"
        ),
        promises=(
            "تستطيع فعل اي شيء",
            "تستطيعين فعل اي شيء",
            "كل شيء ممكن",
            "لا شيء يوقفك",
            "لا شيء يستطيع ايقافك",
            "ثق بنفسك",
            "ثقي بنفسك",
            "لا يمكن ان تفشل",
            "لا يمكن ان تفشلي",
            "انت الافضل",
            "انت الاحسن",
            "ستنجح بالتاكيد",
            "ستنجحين بالتاكيد",
            "مضمون",
        ),
    ),
}
"""By language code."""
