"""The names of units in our languages: enough to tell when a sentence changed one."""

from __future__ import annotations

import functools

from copilot.language import fold

_NAMES = """
s: s sec seconds second sekunden sekunde sekundy sekund sek secondes seconde segundos segundo secondi secondo 秒 秒钟
min: min minutes minute minuten minutos minuto minuti minuty minut 分钟 分
h: h hr hrs hours hour stunden stunde std heures heure horas hora ore ora godziny godzin godzina godz 小时
d: days day tage tag tagen jours jour días día dias dia giorni giorno dni dzień dnia dniach 天
wk: weeks week wochen woche semaines semaine semanas semana settimane settimana tygodni tygodnie tydzień 周 星期
mo: months month monate monat monaten mois meses mes mesi mese mês miesiące miesięcy miesiąc 个月
yr: years year jahre jahr jahren ans années année años año anni anno anos ano lata lat rok roku 年
Nm: nm n·m newtonmeter newton-metres n.m 牛米 牛·米 n*m
lbfft: lbf·ft lbft ft-lb lb-ft lbf.ft ftlb ft·lb
N: n newton 牛
kN: kn
daN: dan
bar: bar bars 巴
mbar: mbar
Pa: pa
kPa: kpa 千帕
MPa: mpa 兆帕
psi: psi
degC: °c c ℃ grad_celsius degrees_celsius 摄氏度
degF: °f ℉
K: k kelvin
deg: ° degrees degree grad degrés degré grados grado gradi graus grau stopni stopnie 度
mm: mm millimetres millimeter millimètres milímetros millimetri milimetrów 毫米
cm: cm 厘米
m: m metres meters meter mètres mètre metros metro metri metrów metra metry 米
km: km kilometres kilometer kilomètres kilómetros chilometri quilômetros kilometrów 公里
um: µm μm um 微米
in: inch inches zoll pouces pulgadas pollici polegadas cali 英寸
ft: ft feet
g: g gramm grams grammes gramos grammi gramas gramów 克
mg: mg
kg: kg kilogramm kilograms 千克 公斤
t: tonnes tonne tonnen tonnellate toneladas ton
l: l litres litre liter liters litros litro litri litrów litra 升
ml: ml cm3 毫升
V: v volt volts 伏
mV: mv
kV: kv
A: a ampere amperes amps 安
mA: ma
kA: ka
Ah: ah
W: w watt
kW: kw
MW: mw_
kWh: kwh 千瓦时
Wh: wh
ohm: ω ohm ohms 欧 欧姆
mohm: mω
kohm: kω
Mohm: megaohm
Hz: hz
kHz: khz
MHz: mhz
rpm: rpm 1/min u/min tr/min obr/min giri/min min-1 转/分 r/min
pct: % percent prozent pour_cent por_ciento por_cento per_cento procent procenta 百分点
ppm: ppm
dB: db
eur: € eur euro euros
usd: $ usd
l/min: l/min
mm/min: mm/min
mm/s: mm/s
km/h: km/h
"""
_OTHER_CASE = frozenset("avwnkcMSHDTG")  # single letters that are units only in the other case
_CASED = {"mΩ": "mohm", "MΩ": "Mohm", "mW": "mW", "MW": "MW", "mPa": "mPa", "MPa": "MPa", "Mbar": "Mbar"}


@functools.cache
def _aliases() -> dict[str, str]:
    found = {}
    for line in _NAMES.strip().splitlines():
        unit, _, names = line.partition(": ")
        found.update({fold(name.replace("_", " ")): unit for name in names.split() if not name.endswith("_")})
    return found


@functools.lru_cache(maxsize=4096)
def unit_of(text: str) -> str:
    """The canonical short name of a unit; an empty string for what is none."""
    if not text:
        return ""
    if text in _CASED:
        return _CASED[text]
    if len(text) == 1 and (text in _OTHER_CASE or text in "àáâãéèêóòô"):
        return ""  # "da 20 a 25", "3 V": a preposition or a name
    return _aliases().get(fold(text), "")
