"""Extracts of obligations, stock anchors, impact anchors and features of existing systems."""

from __future__ import annotations

import re
from pathlib import Path

from reference_cells import frame_of, mark_of, precision, read
from reference_writer import Origin, Writer


def obligations(folder: Path, writer: Writer) -> None:
    out = []
    for row in read(folder, "crma_obligations"):
        date = re.search(r"\b20\d{2}-\d{2}-\d{2}\b|^20\d{2}$", row["deadline_or_clock"])
        proposal = "proposal" in row["article"]
        out.append(
            {
                "article": row["article"],
                "bound_party": row["who"],
                "obligation": row["obligation"],
                "clock_printed": row["deadline_or_clock"],
                "deadline": date[0] if date else "",
                "deadline_precision": precision(date[0]) if date else "",
                "fields_printed": row["fields_or_rules_for_software"],
                "legal_status": "proposal" if proposal else "in force",
                "source": row["source"],
                "mark": "seen",
            }
        )
    writer.csv(
        frame_of(out),
        "policy",
        "crma_obligation.csv",
        Origin(
            "policy-crma-obligations",
            "Obligations and clocks of Regulation (EU) 2024/1252",
            "2024-05-03",
            "first date of each clock taken out as deadline; the clock as printed stands beside it",
            ("a digest for software, not the legal text",),
        ),
    )


_TONNES = {"short tons": 0.90718474, "t": 1.0, "kg": 0.001, "lb": 0.00045359237}


def stockpiles(folder: Path, writer: Writer) -> None:
    out = []
    for row in read(folder, "stockpile_anchors"):
        mass = re.match(r"([\d.]+)(m?) (short tons|t|kg|lb)\b", row["value"])
        money = re.search(r"= ([\d.]+)m$", row["value"])
        days = {"Japan JOGMEC": ("60", "180"), "South Korea": ("60", "100")}.get(row["system"], ("", ""))
        tonnes = float(mass[1]) * (1e6 if mass[2] else 1) * _TONNES[mass[3]] if mass else None
        out.append(
            {
                "system": row["system"],
                "item": row["item"],
                "value_printed": row["value"],
                "unit_printed": row["unit"],
                "quantity_t": f"{tonnes:.6g}" if tonnes is not None else "",
                "value_musd_central": money[1] if money else "",
                "days_low": days[0],
                "days_high": days[1],
                "source": row["source"] or "not stated",
                "confidence_printed": row["confidence"],
                "mark": mark_of(row["confidence"]),
            }
        )
    for row, before in zip(out[1:], out[:-1], strict=True):
        if row["source"] == "idem":
            row["source"] = before["source"]
    writer.csv(
        frame_of(out),
        "policy",
        "stockpile_anchor.csv",
        Origin(
            "policy-stockpile-anchors",
            "Stocks and stock norms of other countries",
            "2026-01",
            "masses turned into tonnes and amounts into million dollars where the text prints one",
        ),
    )


def impacts(folder: Path, writer: Writer) -> None:
    out = []
    for row in read(folder, "impact_anchors"):
        bounds = re.match(r"-([\d.]+)bn \(([\d.]+)-([\d.]+)\)", row["value"])
        low, mid, high = (str(-1000 * float(bounds[i])) for i in (3, 1, 2)) if bounds else ("", "", "")
        if row["item"] == "result range (probability weighted)":
            low, high = "-4500", "33"
        out.append(
            {
                "study": row["study"],
                "item": row["item"],
                "value_printed": row["value"],
                "unit_printed": row["unit"],
                "value_musd_low": low,
                "value_musd_central": mid,
                "value_musd_high": high,
                "source": row["source"],
                "confidence_printed": row["confidence"],
                "mark": mark_of(row["confidence"]),
            }
        )
    for row, before in zip(out[1:], out[:-1], strict=True):
        if row["source"] == "idem":
            row["source"] = before["source"]
    writer.csv(
        frame_of(out),
        "policy",
        "impact_anchor.csv",
        Origin(
            "policy-impact-anchors",
            "Published estimates of economic impact",
            "2025-12",
            "losses as negative million dollars where the text prints a central value with a range",
        ),
    )


_ANSWERS = {"y": "yes", "not seen": "not seen", "?": "unknown", "-": "not applicable", "partial": "partial"}


def systems(folder: Path, writer: Writer) -> None:
    features = (
        "criticality_score",
        "supply_chain_map",
        "trade_monitor",
        "price_monitor",
        "company_level_entry",
        "alerts_or_rapid_response",
        "licence_case_tracking",
        "stock_sizing",
        "scenario_or_stress_test",
        "policy_db",
    )
    out = []
    for row in read(folder, "existing_systems_features"):
        for feature in features:
            printed = row[feature]
            answer = _ANSWERS.get(printed) or ("partial" if "foresight" in printed else "yes")
            out.append(
                {
                    "system": row["system"],
                    "feature": feature.replace("_", " "),
                    "answer": answer,
                    "answer_printed": printed,
                    "detail": row["known_feature_detail"],
                    "source": row["source"],
                    "caveat": row["caveat"],
                }
            )
    writer.csv(
        frame_of(out),
        "policy",
        "system_feature.csv",
        Origin(
            "policy-system-features",
            "Features of nineteen existing systems",
            "2026-01",
            "one row for each system and feature",
            ("'not seen' is not proof of absence",),
        ),
    )
