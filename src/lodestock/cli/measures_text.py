"""What `lodestock measures` prints: the same answer as JSON for machines and as text in Dutch or English."""

from __future__ import annotations

from typing import Any, Literal

from lodestock.cli.output import table
from lodestock.evidence.manifest import entry_to_dict
from lodestock.publish.numbers import bracket_text, number_text, range_text
from lodestock.publish.words import MARKS, word
from lodestock.scenario.measures_record import PLAN
from lodestock.scenario.measures_run import MeasuresPlan
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_words import VERDICTS, held_none

Lang = Literal["nl", "en"]
_SAY = {
    "nl": {
        "heads": ("maatregel", "in het plan", "werkt na", "kosten per ton per jaar", "deel van opbrengst plan",
                  "eerste euro voorkomt", "volgende euro voorkomt"),
        "sure": ("alleen deze", "opbrengst per jaar", "loont in trekkingen", "loont in werelden", "grootste spijt",
                 "tegen niets", "tegen het plan"),
        "points": ("budget", "besteed", "per bestede euro", "per volgende euro"),
        "years": "jaar", "at once": "meteen", "no room": "geen ruimte meer",
        "budget": "Budget: {budget} in totaal over {years} jaar, contant gemaakt: alle kosten van de maatregelen, "
                  "eenmalig en per jaar; van een voorraad\ntellen de kosten van aanhouden. Bij `lodestock stock` is "
                  "--budget iets anders: wat er in de voorraad geïnvesteerd mag worden.",
        "medians": "Elk bedrag met een bandbreedte is op zichzelf de middelste (mediaan) van de trekkingen: schade "
                   "zonder maatregelen min kosten\nen schade met het plan is daarom niet precies de netto opbrengst.",
        "other": "De verwachte schade is hier anders dan die van `lodestock stock`. Daar gaat het om één jaar, met de "
                 "kans op een nieuw regime ({chance}) en\nmiddenwaarden. Hier kan een regime aanhouden, zodat er in "
                 "{regime} van de jaren een geldt, en staat de middelste van {draws} trekkingen.",
        "shares": "Het deel van de opbrengst verdeelt wat het plan opbrengt over wat in het plan zit; buiten het plan "
                  "is het nul. Per trekking tellen de delen op tot\nde opbrengst van het plan, middelste waarden niet "
                  "precies.",
        "one": "Wat elke maatregel kost en brengt", "two": "Hoe zeker het is",
        "three": "Wat een ander budget doet (miljoen euro over de hele periode; vermeden schade per euro)",
        "note": "Het plan is gekozen bij middenwaarden en beoordeeld op {draws} trekkingen van {scenarios} toekomsten "
                "over {years} jaar, voor alle keuzes dezelfde.",
        "pairs": "Twee maatregelen alleen naast elkaar",
    },
    "en": {
        "heads": ("measure", "in the plan", "works after", "cost per tonne a year", "share of the plan's gain",
                  "first euro avoids", "next euro avoids"),
        "sure": ("this alone", "gain a year", "pays in draws", "pays in worlds", "largest regret", "against nothing",
                 "against the plan"),
        "points": ("budget", "spent", "per euro spent", "per next euro"),
        "years": "years", "at once": "at once", "no room": "no room left",
        "budget": "Budget: {budget} in total over {years} years, present value: all costs of the measures, one-off and "
                  "yearly; of a stock the cost of\nholding counts. With `lodestock stock` --budget is another "
                  "thing: what may be invested in the stock.",
        "medians": "Each amount with a range is by itself the middle one (median) of the draws: loss without measures "
                   "less cost and loss with the\nplan is therefore not exactly the net gain.",
        "other": "The expected loss here is not that of `lodestock stock`. There it is that of one year, with the "
                 "chance of a new regime ({chance}) and middle\nvalues. Here a regime can last, so that one holds in "
                 "{regime} of the years, and the middle one of {draws} draws is shown.",
        "shares": "The share of the gain divides what the plan gains over what is in the plan; outside the plan it is "
                  "nought. Draw by draw the shares add up to\nthe plan's gain, middle values not exactly.",
        "one": "What each measure costs and brings", "two": "How sure it is",
        "three": "What another budget does (million euros over the whole period; avoided loss per euro)",
        "note": "The plan was chosen at middle values and judged on {draws} draws of {scenarios} futures over {years} "
                "years, the same for every choice.",
        "pairs": "Two measures alone side by side",
    },
}  # fmt: skip


def measures_payload(run: ScenarioRun, found: MeasuresPlan) -> dict[str, Any]:
    """The comparison for machines."""
    return {
        "scenario": run.scenario.id,
        "for": found.ask.region,
        "budget_meur": found.ask.budget / 1e3,
        "budget_is": "present value of all costs over the years",
        "years": found.years,
        "draws": found.plan.loss.size,
        "scenarios": found.ask.scenarios,
        "status": {"nl": held_none(found.ask.region).nl, "en": held_none(found.ask.region).en},
        "claim": {"verdict": found.claim.verdict.value, "share": found.claim.share},
        "numbers": {entry.id: entry_to_dict(entry) for entry in run.ledger if entry.id.startswith("measures.")},
        "measures": [
            {
                "id": item.id,
                "title": {"nl": item.title.nl, "en": item.title.en},
                "amount": item.amount,
                "unit": "t" if number == 0 else "t/yr",
                "at_work_by_year": item.working.tolist(),
                "against_nothing": {"verdict": item.against_nothing.verdict.value, "share": item.against_nothing.share},
                "against_plan": {"verdict": item.against_plan.verdict.value, "share": item.against_plan.share},
            }
            for number, item in enumerate(found.results)
        ],
        "pairs": [
            {"one": one, "other": other, "verdict": pair.verdict.value, "share": pair.share}
            for (one, other), pair in found.between.items()
        ],
        "budgets": [
            {"budget_meur": point.budget / 1e3, "spent_meur": point.spent / 1e3, "average": point.average,
             "next_euro": point.next_euro}
            for point in found.points
        ],
        "regret": {
            "choices": list(found.choices),
            "worst_meur_yr": [float(value) / 1e3 for value in found.worst.worst],
            "least": found.choices[found.worst.choice],
        },
        "solver": "proven optimal at middle values",
    }  # fmt: skip


def measures_text(run: ScenarioRun, found: MeasuresPlan, lang: Lang) -> str:
    """The comparison for people."""
    say: Any = _SAY[lang]
    told = {
        "draws": found.plan.loss.size, "scenarios": found.ask.scenarios, "years": found.years,
        "budget": number_text(found.ask.budget / 1e3, "MEUR", lang),
        "chance": _text(run, "param.yearly_chance", lang), "regime": _text(run, "measures.plan.regime_years", lang),
    }  # fmt: skip
    title = run.scenario.title.nl if lang == "nl" else run.scenario.title.en
    lines = [title, held_none(found.ask.region)[lang], say["budget"].format(**told), ""]
    for name in PLAN:
        entry = run.ledger[f"measures.plan.{name}"]
        bracket = bracket_text(entry, lang)
        between = f"; {word('bracket', lang)} {bracket}" if bracket else ""
        lines.append(f"  {entry.label[lang]}: {range_text(entry, lang)}{between}  [{MARKS[entry.mark][lang]}]")
    lines += ["", say["medians"], say["other"].format(**told)]
    lines += ["", say["one"], table(_rows(run, found, lang), say["heads"], right=(1, 2, 3, 4, 5, 6)), say["shares"]]
    lines += ["", say["two"], table(_sure(run, found, lang), say["sure"], right=(1, 2, 3, 4))]
    lines += ["", say["pairs"], *(_pair(found, one, other, lang) for one, other in found.between)]
    points = [
        (
            number_text(point.budget / 1e3, "MEUR", lang),
            number_text(point.spent / 1e3, "MEUR", lang),
            "" if point.average is None else number_text(point.average, "ratio", lang),
            number_text(point.next_euro, "ratio", lang),
        )
        for point in found.points
    ]
    lines += ["", say["three"], table(points, say["points"], right=(0, 1, 2, 3)), ""]
    return "\n".join([*lines, say["note"].format(**told)])


def _rows(run: ScenarioRun, found: MeasuresPlan, lang: Lang) -> list[tuple[str, ...]]:
    say: Any = _SAY[lang]
    out: list[tuple[str, ...]] = []
    for number, item in enumerate(found.results):
        lead = found.book.measures[number - 1].stated["lead"] if number else None
        works = say["at once"] if lead is None else f"{lead.low:g}–{lead.high:g} {say['years']}".replace(
            ".", "," if lang == "nl" else "."
        )  # fmt: skip
        euro = run.ledger[f"measures.{item.id}.last_euro"]
        out.append(
            (
                item.title[lang], _number(run, item.id, "amount", lang), works,
                _number(run, item.id, "unit_cost", lang),
                range_text(run.ledger[f"measures.{item.id}.shapley"], lang),
                range_text(run.ledger[f"measures.{item.id}.first_euro"], lang),
                say["no room"] if euro.value is None else range_text(euro, lang),
            )
        )  # fmt: skip
    return out


def _number(run: ScenarioRun, key: str, name: str, lang: Lang) -> str:
    return _text(run, f"measures.{key}.{name}", lang)


def _text(run: ScenarioRun, key: str, lang: Lang) -> str:
    entry = run.ledger[key]
    return number_text(entry.value, entry.unit, lang)


def _sure(run: ScenarioRun, found: MeasuresPlan, lang: Lang) -> list[tuple[str, ...]]:
    return [
        (
            item.title[lang],
            range_text(run.ledger[f"measures.{item.id}.alone_gain"], lang),
            _number(run, item.id, "alone_share", lang),
            _number(run, item.id, "alone_worlds", lang),
            _number(run, item.id, "regret", lang),
            VERDICTS[item.against_nothing.verdict.value][lang],
            VERDICTS[item.against_plan.verdict.value][lang],
        )
        for item in found.results
    ]


def _pair(found: MeasuresPlan, one: str, other: str, lang: Lang) -> str:
    names = {item.id: item.title[lang] for item in found.results}
    pair = found.between[(one, other)]
    against = "tegen" if lang == "nl" else "against"
    share = number_text(pair.share, "1", lang)
    return f"  {names[one]} {against} {names[other]}: {VERDICTS[pair.verdict.value][lang]} ({share})"
