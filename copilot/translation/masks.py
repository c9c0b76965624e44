"""What no translation may change: found in a text, put out of a model's reach, put back, and checked."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A neighbour that would make a find a part of something longer; Han characters stand beside codes without a blank.
_LEFT, _RIGHT = r"(?<![0-9A-Za-z\u00c0-\u024f_])", r"(?![0-9A-Za-z\u00c0-\u024f_])"
_SPACE = r"[ \u00a0\u202f\u2009]"
_ENDINGS = (
    "pdf docx? xlsx? xlsm pptx? csv tsv txt md json jsonl ya?ml xml html? css js ts py c h cpp hpp rs go java sh bat "
    "toml ini cfg conf log zip gz tar 7z exe dll so bin hex s19 mot elf img iso png jpe?g gif svg tiff? dbc arxml a2l "
    "odx pdx cdd ldf mf4 mdf blf step stp stl dwg dxf msg eml odt ods rtf sql lock"
).replace(" ", "|")
_BODIES = (
    "DIN EN ISO IEC ISO/IEC ISO/SAE ISO/TS ISO/TR ISO/PAS CEN CENELEC ETSI UN ECE UNECE UN/ECE SAE VDA VDE VDI ASTM "
    "IEEE ANSI NIST GB GB/T GB/Z QC/T JIS BS NF UNE UNI PN RFC CVE CWE FMVSS IATF MISRA ASIL EU EG EC CE UL AEC-Q "
    "AUTOSAR CISPR ASPICE TISAX LV DVGW ABNT NBR NBR/ISO WLTP"
).split()
_BODY = "(?:" + "|".join(sorted(map(re.escape, _BODIES), key=len, reverse=True)) + ")"
_UNITS = (
    "% ‰ ppm ppb °C °F ° K mK µm μm nm mm cm dm m km mm² cm² m² km² mm2 cm2 m2 mm³ cm³ dm³ m³ mm3 cm3 m3 ml mL cl l L "
    "µl μl mg µg μg g kg t N mN kN MN Nm N·m N.m N*m Ncm mNm kNm bar mbar Pa hPa kPa MPa GPa psi mmHg J kJ MJ Wh kWh "
    "MWh Ah mAh As W mW kW MW GW PS hp V mV kV µV μV A mA kA µA μA Ω mΩ kΩ MΩ Ohm F µF μF nF pF mF H mH µH μH T mT Hz "
    "kHz MHz GHz dB dBA dB(A) dBm s ms µs μs ns min h d bit kbit Mbit Gbit Byte kB KB MB GB TB KiB MiB GiB kbit/s "
    "Mbit/s Gbit/s MB/s GB/s km/h m/s m/s² m/s2 mm/s mm/min l/min L/min l/h m³/h kg/m³ g/cm³ g/l mg/l mg/kg g/km "
    "kWh/100km N/mm² N/mm2 N/mm kN/m W/m² W/(m·K) rpm 1/min min-1 min⁻¹ U/min r/min tr/min rad rad/s lx lm cd mol "
    "mol/l px dpi fps VDC VAC V/m A/mm² Ω·m mg/m³ µg/m³ cSt mPas mPa·s HRC HV HB EUR USD GBP CNY PLN € $ £ "
    "kg/h kg/s J/kg W/kg K/min °C/min mW/cm² ×g"
).split()
_UNIT = "(?:" + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True)) + ")"
_NUMBER = rf"[0-9]+(?:[.,'’][0-9]+)*(?:{_SPACE}[0-9]{{3}}(?![0-9]))*(?:[.,][0-9]+)?"
_SIGNED = rf"(?:[±+≥≤<>~≈]{_SPACE}?|(?<![0-9A-Za-z])[-−–])?{_NUMBER}"
_JOINT = rf"{_SPACE}?(?:-|–|—|\.\.\.|…|/|x|×|\*|±|\+/-){_SPACE}?"

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("code", r"`[^`\n]+`"),
    ("url", r"(?:https?|ftp|sftp|file|mailto|doip|mqtts?)://?[^\s<>\"“”«»'\u3000-\u9fff\uff00-\uffef]*"
            r"[^\s<>\"“”«»'\u3000-\u9fff\uff00-\uffef.,;:!?)\]]"),
    ("url", r"www\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"\u3000-\u9fff]*[^\s<>\"\u3000-\u9fff.,;:!?)\]])?"),
    ("mail", r"[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    ("code", r"\{\{?\w+\}?\}|%\(\w+\)[sd]|%[sd](?!\w)|\$\{?[A-Z_][A-Z0-9_]+\}?|</?[A-Za-z][\w:-]*(?:\s[^<>\n]*)?/?>"),
    ("file", r"(?:[A-Za-z]:\\|\\\\)[^\s:*?\"<>|，。]*[^\s:*?\"<>|，。.,;)]"),
    ("file", rf"(?:(?:\.{{1,2}}|~)?/)?(?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:{_ENDINGS}){_RIGHT}"),
    ("file", rf"{_LEFT}(?:~|\.{{1,2}})?/(?:[A-Za-z0-9_.-]+/)+[A-Za-z0-9_-]+"),
    ("code", rf"{_LEFT}0x[0-9A-Fa-f]+{_RIGHT}"),
    ("code", rf"{_LEFT}--?[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:=[^\s，。]*[^\s，。.,;)])?{_RIGHT}(?<=.{{3}})"),
    ("code", rf"{_LEFT}[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|::|->)[A-Za-z_][A-Za-z0-9_]*)*\(\)"),
    ("code", rf"{_LEFT}[A-Za-z_][A-Za-z0-9_]*(?:(?:::|->)[A-Za-z_][A-Za-z0-9_]*)+{_RIGHT}"),
    ("code", rf"{_LEFT}_*[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+{_RIGHT}"),
    ("part", rf"{_LEFT}[A-Z0-9]+(?:\*[A-Z0-9/]+){{2,}}{_RIGHT}"),  # of a type approval
    ("norm", rf"{_LEFT}(?<![0-9A-Za-z][-./]){_BODY}(?:[ /-]{_BODY}(?![A-Za-z]))*[ -]?"
             rf"(?:(?:PAS|Std|[A-Z]{{1,2}})[ -]?)?[0-9]{{1,7}}"
             rf"(?:[./:-][0-9]{{1,5}})*[A-Z]?(?:[/-][A-Z](?![A-Za-z])[0-9]*|-[0-9]+)?(?::(?:19|20)[0-9]{{2}}(?:-[0-9]{{2}})?)?{_RIGHT}"),
    ("norm", rf"{_LEFT}ASIL[ -][A-D](?:\([A-D]\))?{_RIGHT}|{_LEFT}[0-9]{{2,4}}/[0-9]{{1,4}}/(?:EU|EG|EC|CE|UE|WE)"),
    ("norm", rf"{_LEFT}Euro[ -]?[0-9][a-z]?(?:-[A-Z]+)*{_RIGHT}"),
    # Runs of capitals and digits tied together, of both: "0A5-915-101-C", "5W-30", "P-201A".
    ("part", rf"{_LEFT}(?=[0-9./-]*[A-Z])(?=[A-Z./-]*[0-9])[A-Z0-9]+(?:[-./][A-Z0-9]+)*-[A-Z0-9]+"
             rf"(?:[-./][A-Z0-9]+)*[a-z]?{_RIGHT}"),
    ("part", rf"{_LEFT}[0-9]+[.,][0-9]+[A-Z][A-Za-z]*x?[0-9]+{_RIGHT}"),
    ("number", rf"(?:{_LEFT}|(?<=[\s(]))\+[0-9]{{1,3}}(?:[ ()/-]{{1,2}}[0-9]{{2,}}){{2,}}"),
    ("quantity", rf"(?<![0-9A-Za-z\u00c0-\u024f_.,])(?:[€$£]{_SPACE}?{_NUMBER}|{_SIGNED}"
                 rf"(?:(?:{_SPACE}?{_UNIT})?{_JOINT}{_NUMBER})*{_SPACE}?{_UNIT}){_RIGHT}"),
    ("number", rf"{_LEFT}[0-9]+(?:[.:/-][0-9]+){{2,}}{_RIGHT}|{_LEFT}[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?{_RIGHT}"),
    ("part", rf"{_LEFT}[0-9]{{2,}}(?:-[0-9]{{2,}})+{_RIGHT}"),
    ("part", rf"{_LEFT}[A-Z]{{2,5}}{_SPACE}[0-9]{{3,}}(?:{_SPACE}[0-9]{{2,3}})*(?:[-/.][A-Z0-9]+)*{_RIGHT}"),
    ("code", rf"{_LEFT}[a-z]+(?:[A-Z][a-z0-9]+)+{_RIGHT}"),
)
_GROUP = re.compile(rf"{_LEFT}[A-Za-z0-9]+(?:[-/.+:]?[A-Za-z0-9]+)*")
_ATOM = re.compile(r"[A-Za-z]+|[0-9]+(?:[.,][0-9]+)*|[^A-Za-z0-9]")
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th|ST|ND|RD|TH|er|ers|re|e|es|a|as|o|os|ter|te|ten|fach|x|s)")
_LETTER_FIRST = re.compile(r"[A-Za-z]+[-.]?[0-9]")
_BARE = re.compile(rf"(?<![0-9A-Za-z\u00c0-\u024f_.,]){_NUMBER}")


@dataclass(frozen=True, slots=True)
class Protected:
    """A stretch that stays as it is; ``kind`` is name, code, url, mail, file, norm, quantity, part, number."""

    start: int
    end: int
    text: str
    kind: str


def protected(text: str, names: Iterable[str] = ()) -> list[Protected]:
    """Part numbers, codes, norms, values with units, files, addresses and the given names, in order, apart."""
    found: list[Protected] = []
    taken = bytearray(len(text))
    pattern = _names(tuple(sorted(set(names), key=lambda name: (-len(name), name))))
    fixed = (("name", pattern), *_fixed()) if pattern else _fixed()
    for kind, expression in fixed:
        _take_all(found, taken, text, expression, kind)
    for match in _GROUP.finditer(text):
        for start, end in _identifiers(match.group(), match.start()):
            _take(found, taken, text, start, end, "part")
    return sorted(found, key=lambda item: item.start)


def numbers(text: str, spans: Sequence[Protected] = ()) -> list[Protected]:
    """The plain numbers outside ``spans``, in order."""
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    found: list[Protected] = []
    for match in _BARE.finditer(text):
        _take(found, taken, text, match.start(), match.end(), "number")
    return found


@functools.cache
def _fixed() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Compiled when first needed: that takes longer than many a command."""
    return tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)


@functools.lru_cache(maxsize=64)
def _names(names: tuple[str, ...]) -> re.Pattern[str] | None:
    words = [re.escape(name) for name in names if name.strip()]
    return re.compile(f"{_LEFT}(?:{'|'.join(words)}){_RIGHT}") if words else None


def _take_all(
    found: list[Protected], taken: bytearray, text: str, expression: re.Pattern[str], kind: str
) -> None:
    """Every match that is free; behind one that runs into something taken the search goes on where that ends."""
    position = 0
    while match := expression.search(text, position):
        start, end = match.span()
        _take(found, taken, text, start, end, kind)
        blocked = taken.find(1, start, end)
        position = max(taken.find(0, blocked) if blocked >= 0 else end, start + 1)
        if blocked >= 0 and taken.find(0, blocked) < 0:
            return


def _take(found: list[Protected], taken: bytearray, text: str, start: int, end: int, kind: str) -> None:
    if start == end or any(taken[start:end]):
        return
    taken[start:end] = b"\1" * (end - start)
    found.append(Protected(start, end, text[start:end], kind))


def _identifiers(group: str, offset: int) -> list[tuple[int, int]]:
    """The stretches of a run of letters, digits and ties that name something: 'M8' in 'M8-Schrauben', not '2nd'."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    end = 0
    for atom in [*_ATOM.finditer(group), None]:
        tie = atom is not None and not atom.group()[0].isalnum()
        if atom is None or not tie and _is_word(atom.group(), group, atom.start()):
            if start is not None and _names_something(group[start:end]):
                found.append((offset + start, offset + end))
            start = None
        elif not tie:
            start = atom.start() if start is None else start
            end = atom.end()
    return found


def _is_word(atom: str, group: str, start: int) -> bool:
    """Letters that are a word: five or more of them not all capitals, or lower-case ones after a tie."""
    if not atom.isalpha():
        return False
    after_tie = start > 0 and not group[start - 1].isalnum()
    return len(atom) > 4 and not atom.isupper() or after_tie and atom.islower() and len(atom) > 2


def _names_something(token: str) -> bool:
    """Letters with digits; digits before lower case ("2nd", "90er") are none, letters before digits are ("sha256")."""
    if not any(char.isdigit() for char in token) or not any(char.isalpha() for char in token):
        return False
    if _ORDINAL.fullmatch(token):
        return False
    return any(char.isupper() for char in token) or _LETTER_FIRST.search(token) is not None
