"""Whether a unit is one of UCUM (ucum.org, case sensitive « c/s » form), as far as medicine uses it.

Gauss, tesla, coulomb and farad are left out on purpose: laboratories write « G/L » and « T/L » for thousand millions
and million millions in a litre, and « C » for degrees.
"""

import re
from functools import lru_cache


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PREFIXES = ("da", *"YZEPTGMkhdcmunpfazy")
_METRIC = _names(
    "m s g L l mol K Pa J W V Hz N U eq osm bar t B cal kat Bq Sv Gy Cel rad lm cd lx A Ohm [IU] [iU] m[Hg] m[H2O]"
)
_OTHERS = _names(
    "% [ppth] [ppm] [pH] min h d wk mo a deg ' '' [in_i] [ft_i] [lb_av] [oz_av] [degF] [diop] [CFU] [drp] [arb'U]"
    " [hpf] [lpf] Torr [kn_i] [tb'U] [p'diop] 10* 10^"
)
_ATOM = re.compile(r"(?P<unit>.+?)(?P<power>(?<![*^\d])[+-]?\d+|(?<=[*^])[+-]?\d+)?")
_NOTE = re.compile(r"\{[^{}]*\}")
_LONGEST = 40


@lru_cache(maxsize=1024)
def is_ucum(unit: str) -> bool:
    """Whether every part of it is a unit of UCUM: « mg/dL », « 10*9/L », « mL/min/{1.73_m2} » are, « UI/L » is not."""
    if not unit.isascii() or not 0 < len(unit) <= _LONGEST or not unit.isprintable():
        return False
    parts = re.split(r"[./]", _NOTE.sub("{}", unit).removeprefix("/"))
    return all(_is_part(part) for part in parts)


def _is_part(part: str) -> bool:
    if part == "{}" or (part.isdigit() and not part.startswith("0")):
        return True
    found = _ATOM.fullmatch(part.removesuffix("{}"))
    return found is not None and _is_unit(found["unit"])


def _is_unit(name: str) -> bool:
    if name in _METRIC or name in _OTHERS:
        return True
    return any(name.startswith(prefix) and name[len(prefix) :] in _METRIC for prefix in _PREFIXES)
