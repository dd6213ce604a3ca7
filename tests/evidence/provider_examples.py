"""Small made-up files in the layout of each provider's own download. The numbers are examples, not figures."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | None


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Cell]]]) -> Path:
    """Write a plain .xlsx file with these sheets: the few parts that the format requires."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
                for n in numbers
            )
            + "</Types>",
        )
        out.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        out.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">'
            + "".join(
                f'<Relationship Id="rId{n}" Type="{rel}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
            )
            + "</Relationships>",
        )
        out.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
            + "".join(
                f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
                for n, name in zip(numbers, sheets, strict=True)
            )
            + "</sheets></workbook>",
        )
        for n, rows in zip(numbers, sheets.values(), strict=True):
            out.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{_rows(rows)}</sheetData></worksheet>',
            )
    return path


def _letters(place: int) -> str:
    text = ""
    while place >= 0:
        text = chr(65 + place % 26) + text
        place = place // 26 - 1
    return text


def _rows(rows: Sequence[Sequence[Cell]]) -> str:
    out = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for place, cell in enumerate(row):
            name = f"{_letters(place)}{number}"
            if isinstance(cell, str):
                cells.append(f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
            elif cell is not None:
                cells.append(f'<c r="{name}"><v>{cell}</v></c>')
        out.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(out)


BACI_ROWS = (
    "t,i,j,k,v,q",
    "2024,156,528,850511,100.5,12.25",
    "2024,842,528,850511,40.0,NA",
    "2024,490,528,850511,7.0,   1.500",
    "2024,156,276,280530,55.125,",
    "2024,516,251,260800,9.0,30.0",
    "2024,156,528,10121,1.0,1.0",
)


def baci(folder: Path, rows: Sequence[str] = BACI_ROWS, name: str = "BACI_HS22_Y2024_V202601.csv") -> Path:
    """A yearly file: numeric countries, codes without leading zero in the last row, mass blank or NA."""
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


WIOD_REGIONS = ("NLD", "DEU", "ITA", "ROM", "CHN", "RoW")


def wiod(folder: Path) -> Path:
    """A table of six regions and two industries in the layout of the release of 2013; each cell is its own number."""
    industries = (("AtB", "Agriculture", "c1"), ("C", "Mining", "c2"))
    uses = (*industries, ("", "Households", "c37"), ("", "Change in stocks", "c42"))
    columns = [(code, name, region, c) for region in WIOD_REGIONS for code, name, c in industries]
    columns += [(code, name, region, c) for region in WIOD_REGIONS for code, name, c in uses[2:]]
    head: list[list[Cell]] = [["Intercountry Input-Output Table, 2011", None, None, None], [None] * 4]
    for part, label in enumerate(("(industry-by-industry)", "(millions of US$)", None, None)):
        head.append([label, None, None, None, *[column[part] or None for column in columns], None])
    head[4][-1] = "TOT"
    body: list[list[Cell]] = []
    number = 0
    for region in WIOD_REGIONS:
        for code, name, c in industries:
            cells: list[Cell] = []
            for _ in columns:
                number += 1
                cells.append(number)
            body.append([code, name, region, c, *cells, 0])
    output = [1000.0 + place for place in range(len(columns))]
    body.append([None, "Total intermediate consumption", "TOT", "r60", *[0] * len(columns), 0])
    body.append([None, "Output at basic prices", "TOT", "r69", *output, 0])
    return workbook(folder / "wiot11_row_apr12.xlsx", {"WIOT_2011": [*head, *body]})


def wgi_long(folder: Path) -> Path:
    """The long table with `..` for no value."""
    path = folder / "wgidataset.csv"
    rows = ["code,countryname,year,indicator,estimate,stddev,nsource", "NAM,Namibia,2022,va,0.5,0.12,8"]
    rows += ["ROM,Romania,1998,rl,-0.2,0.2,6", "CHN,China,2022,cc,..,..,0"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def wgi_sheets(folder: Path) -> Path:
    """The workbook with one sheet for each dimension."""
    head = ["Economy (name)", "Economy (code)", "Year", "Governance estimate (approx. -2.5 to +2.5)", "Standard error"]
    rows: list[Sequence[Cell]] = [head, ["Namibia", "NAM", 2023, 0.25, 0.125], ["China", "CHN", 2023, -0.5, 0.25]]
    return workbook(folder / "wgidataset_2025.xlsx", dict.fromkeys(("va", "pv", "ge", "rq", "rl", "cc"), rows))


PINK_TITLES = (
    "Coal, Australian", "Natural gas, Europe", "Phosphate rock", "Potassium chloride **", "Aluminum",
    "Iron ore, cfr spot", "Copper", "Lead", "Tin", "Nickel", "Zinc", "Gold", "Platinum", "Silver",
)  # fmt: skip


def pink_sheet(folder: Path) -> Path:
    """The workbook of monthly prices: titles over units over months."""
    units = {"Natural gas, Europe": "($/mmbtu)", "Iron ore, cfr spot": "($/dmtu)"}
    units |= dict.fromkeys(("Gold", "Platinum", "Silver"), "($/troy oz)")
    rows: list[Sequence[Cell]] = [
        ["World Bank Commodity Price Data (The Pink Sheet)"],
        ["monthly prices in US dollars"],
        [None],
        ["Updated on an example day"],
        [None, *PINK_TITLES],
        [None, *[units.get(title, "($/mt)") for title in PINK_TITLES]],
        ["2025M01", *[10.0 * place for place in range(1, 14)], "…"],
        ["2025M02", *[11.0 * place for place in range(1, 15)]],
    ]
    return workbook(folder / "CMO-Historical-Data-Monthly.xlsx", {"Monthly Prices": rows})


def usgs_world(folder: Path) -> Path:
    """A world file: byte order mark, codes, bounds, footnotes run into names, trailing empty columns."""
    path = folder / "mcs2025-galli_world.csv"
    rows = [
        "\ufeffSource,Country,Type,Prod_kg_2023,Prod_kg_est_2024,Prod_notes,Reserves_kg,Reserves_notes,,",
        "MCS2025,United States1,Primary production,W,W,,NA,,,",
        'MCS2025,China,Primary production,"600,000",610000,,>1000000,,,',
        "MCS2025,Japane,Primary production,3000,e3100,,XX,,,",
        "MCS2025,Namibia,Primary production,Less than ½ unit.,0,,NA,,,",
        '"MCS2025","Korea, Republic ofe",Primary production,2000,2000,Also estimated in 2023,NA,,,',
        "MCS2025,Other countries4,Primary production,NA,,,NA,,,",
        'MCS2025,World total (rounded),Primary production,"605,000",620000,,NA,,,',
        ",,,,,,,,,",
    ]
    path.write_text("\r\n".join(rows) + "\r\n", encoding="utf-8")
    return path


def usgs_salient(folder: Path) -> Path:
    """A salient file: US figures by year, units in the names of the columns."""
    path = folder / "mcs2025-galli_salient.csv"
    rows = [
        "\ufeffDataSource,Commodity,Year,USprod_Primary_kg,Imports_Metal_kg,Price_Metal_dkg,NIR_pct,",
        "MCS2025,Gallium,2023,0,9000,300,100,",
        "MCS2025,Gallium,2024,W,Less than 1/2 unit.,350.5,>95,",
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def annex_7(folder: Path) -> Path:
    """Annex 7 saved as CSV: the name of the file says that it is EU sourcing."""
    path = folder / "annex7_eu_supply.csv"
    rows = ["material,stage,country,share_as_printed,share,trade_parameter", 'Gallium,P,"Congo, D.R.",<0.1%,0.001,1.0']
    rows += ["Gallium,P,Namibia,28.4%,0.284,1.1"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def annex_6(folder: Path) -> Path:
    """Annex 6 saved as CSV."""
    path = folder / "annex6.csv"
    rows = [
        "material,application,share,nace2,sector,eu_value_added_meur",
        "Gallium,Lighting,0.25,C27,C27 - Electrical,100",
    ]
    rows += ["Gallium,Not known,0.05,,,"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def comext(folder: Path) -> Path:
    """SDMX-CSV of DS-045409."""
    path = folder / "ds-045409.csv"
    rows = ["DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG"]
    for partner, euro, mass in (("CN", 300, 30), ("NA", 100, 70), ("WORLD", 400, 100)):
        rows.append(f"ESTAT:DS-045409(1.0),A,EU27_2020,{partner},85051110,1,VALUE_IN_EUROS,2025,{euro},")
        rows.append(f"ESTAT:DS-045409(1.0),A,EU27_2020,{partner},85051110,1,QUANTITY_IN_100KG,2025,{mass},")
        rows.append(f"ESTAT:DS-045409(1.0),A,EU27_2020,{partner},85051110,2,VALUE_IN_EUROS,2025,1,")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def intensities(folder: Path) -> Path:
    """The table of premise."""
    path = folder / "metals.csv"
    path.write_text("metal,unit,year,mean,median,min,max,origin_var\nDysprosium,kg/MW,2020.0,17,16,2,35,Wind-DDPM\n")
    return path


def companions(folder: Path) -> Path:
    path = folder / "companions_new.csv"
    path.write_text("material_printed,byproduct_percent,hosts\ngallium,100,bauxite;zinc\nlithium,0,\n")
    return path


def projects(folder: Path) -> Path:
    path = folder / "projects_new.csv"
    rows = ["project,company,country,materials,stages", "Example plant,Example company,Netherlands,LREE;HREE,recycling"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def policy(folder: Path) -> Path:
    path = folder / "licence_statistic.csv"
    head = "statistic_id,date,date_precision,population,filed,granted,share_printed,share_low,share_high,source,mark"
    path.write_text(f"{head}\n2026-01-example,2026-01,month,example firms,100,40,40%,0.4,0.4,example,press\n")
    return path


def controls(folder: Path) -> Path:
    """A register of one measure, with a date that is known to the month."""
    path = folder / "controls.yml"
    path.write_text(
        "schema: lodestock-controls/1\n"
        "measures:\n"
        "  - {id: na-2030-1, issuer: NAM, title: {nl: Voorbeeld, en: Example}, instrument: example, kind: ban,\n"
        "     announced: 2030-01, effective: 2030-03-01, materials: [gallium], goods: [wafers],\n"
        '     codes: {gallium metal: ["811292"]}, codes_complete: false, mark: prior, source: example}\n'
    )
    return path


OFFICIAL = {
    "baci": (baci,),
    "wiod": (wiod,),
    "wgi": (wgi_long, wgi_sheets),
    "pink_sheet": (pink_sheet,),
    "usgs_mcs": (usgs_world, usgs_salient),
    "ec_crm_2023": (annex_7, annex_6),
    "comext_origins": (comext,),
    "material_intensity": (intensities,),
    "companionality": (companions,),
    "eu_projects": (projects,),
    "policy": (policy,),
    "controls": (controls,),
}
