"""Lines by which a publisher says that a text was changed. Plain: texts in, the line out."""

import re

# What a line of notice begins with, in the languages that sources of the region are read in.
_BEGINS = re.compile(
    r"^[\W_]*(?:correction|clarification|corrected|corrects|editor['’]?s['’]? note|update|updated|"
    r"last updated|amended|"
    r"adds|recasts|refiles|rectificatif|précision|mise à jour|mis à jour|korrektur|berichtigung|aktualisiert|"
    r"anmerkung der redaktion|corrección|fe de erratas|actualizado|actualización|nota del editor|"
    r"correzione|rettifica|"
    r"düzeltme|güncelleme|güncellendi|исправление|уточнение|обновлено|поправка|"
    r"اصلاحیه|تصحیح|تصحيح|تحديث|تم التحديث|"
    r"توضيح|به[\u200c ]?روزرسانی|به[\u200c ]?روز شد)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:this|the) (?:article|story|report|piece|post|headline|dispatch)\s+(?:has been|was|is)\s+"
    r"(?:\w+ly )?(?:updated|corrected|amended|revised|edited|clarified|changed)\b"
    r"|\ban? (?:earlier|previous) (?:version|edition)\b"
    r"|\bcet article a été (?:modifié|corrigé|mis à jour)\b|\bune version (?:antérieure|précédente)\b"
    r"|\bin einer (?:früheren|vorherigen) (?:version|fassung)\b|\buna versión anterior\b"
    r"|\bв предыдущей версии\b|\bdaha önceki (?:bir )?(?:sürüm|haber)|نسخه (?:قبلی|پیشین)|نسخة سابقة",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"correct|clarif|wrong|error|mistak|misstat|rectific|précision|korrektur|berichtig|corrección|erratas|correzione|"
    r"rettifica|düzeltme|исправл|уточн|поправк|اصلاحیه|تصحیح|تصحيح|توضيح",
    re.IGNORECASE,
)
_LONGEST = 600
# "Updated 5 minutes ago" is a clock: it goes on whether or not anybody changed anything.
CLOCK = re.compile(
    r"\b(?:\d+|an?|one|a few)\s*(?:s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hrs|hour|hours|"
    r"d|day|days|"
    r"week|weeks|month|months)\s+ago\b|\bjust now\b|\bvor \d+ (?:minuten?|stunden?|tagen?)\b|"
    r"\bil y a \d+ |\bhace \d+ |"
    r"\d+ (?:минут|час|дн)\w* назад|(?:ثانیه|دقیقه|ساعت|روز) پیش|منذ \d+|\d+ (?:dakika|saat|gün) önce",
    re.IGNORECASE,
)


def notices(text: str) -> list[str]:
    """Return the lines of a text that tell of a change, in their order; ticking clocks are none."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and len(line) <= _LONGEST and _tells(line)]


def _tells(line: str) -> bool:
    return bool(_SAYS.search(line) or _BEGINS.search(line)) and not CLOCK.search(line)


def new_notice(old: str, new: str) -> str:
    """Return the first line of notice that `new` has and `old` has not (at most 300 characters); "" for none.

    A correction comes before a mere update. Titles are to be given as the texts' first lines.
    """
    known = {line.casefold() for line in notices(old)}
    found = [line for line in notices(new) if line.casefold() not in known]
    found.sort(key=lambda line: not is_correction(line))
    return found[0][:300] if found else ""


def is_correction(line: str) -> bool:
    """Tell whether a notice says that something was wrong, and not only that something was added."""
    return bool(_CORRECTS.search(line))
