//! The grammar of a language that is not built in: the words that deny in many of them.

use crate::phrases::grammar::Rules;

pub(in crate::phrases) const RULES: Rules = Rules {
    no: "no, not, dont, never, without, \
        не, нет, ні, без, нельзя, никогда, لا, ليس, لن, لم, بدون, مش, مو, לא, אין, בלי, نه, نمی, \
        nie, bez, niet, geen, zonder, inte, ingen, utan, ikke, uden, uten, ne, nechci, nem, nu, nu vreau, \
        δεν, μην, χωρίς, नहीं, मत, tidak, bukan, jangan, tanpa, không, đừng, chưa, değil",
    unable: "",
    able: "могу, можно, можете, как",
    why: "почему, למה, لماذا",
    contrast: "а, но, али, але, بل, אלא, maar, ale, lecz, men, utan, dar",
    starts: "хочу, нужен, нужна, позовите, соедините, дайте, переключите, اريد, ابي, ابغى, عايز, אני, chcę, proszę, \
        ik, ik wil, jag, jeg",
    commands: "",
    bridges: "что, чтобы, ان, أن, ש, że, dat, att, at",
    goes_on: "что, чтобы, أن, że, dat, att, at",
    carried: "",
};
