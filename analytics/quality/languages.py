"""Languages: what the first part of a language tag may be (RFC 5646, 2.2.1). Pure.

Anybody may make up a tag; a channel's figures have room for few. So those count that are: all of
ISO 639-1, and of the thousands of ISO 639-3 those of which Unicode's CLDR (48) knows how dates are
written, which browsers can be set to.
"""

from typing import Final

_TWO_LETTERS: Final = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_THREE_LETTERS: Final = """
agq ars asa ast bas bem bez bgc bho blo brx bua ccp ceb cgg chr ckb csw dav dje doi dsb dua dyo ebu
ewo fil fur gaa gsw guz haw hsb jgo jmc kab kam kde kea kgp khq kkj kln kok ksb ksf ksh kxv lag lij
lkt lmo lrc luo luy mai mas mer mfe mgh mgo mni mua mzn naq nds nmg nnh nqo nso nus nyn pcm pms prg
raj rof rwk sah saq sat sbp scn seh ses shi shn smn syr szl teo tok twq tyv tzm vai vec vmw vun wae
xnr xog yav yrl yue zgh
"""
_KNOWN: Final = frozenset((_TWO_LETTERS + _THREE_LETTERS).split())
# Withdrawn long ago, and still what some browsers send.
_FORMER: Final = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "sr"}


def language_named(code: str) -> str | None:
    """Return the language of a code in small letters, by the code of today; None if none is."""
    present = _FORMER.get(code, code)
    return present if present in _KNOWN else None
