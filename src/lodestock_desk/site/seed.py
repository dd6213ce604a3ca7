"""The first pages, made once: home in Dutch and English."""

from wagtail.models import Locale, Page, Site

from lodestock_desk.dossiers.seed import make_dossiers, make_indexes
from lodestock_desk.site.models import TextPage

_HOME = {
    "nl": (
        "Lodestock",
        "<p>Leveringszekerheid van kritieke grondstoffen: wat we weten per materiaal, hoe zeker dat is, "
        "en wat er kan gebeuren.</p>",
        "<h2>Voor bedrijven</h2><p>Hapert de levering van een grondstof of product? Meld het in drie minuten. "
        "Een vergunningsverplichting is geen exportstop: leveringen kunnen vertragen, deels komen of uitblijven. "
        "Hoe preciezer u meldt, hoe beter wij dat uit elkaar kunnen houden.</p>",
    ),
    "en": (
        "Lodestock",
        "<p>Supply security of critical raw materials: what we know by material, how sure that is, "
        "and what can happen.</p>",
        "<h2>For companies</h2><p>Is the delivery of a raw material or product faltering? Report it in three minutes. "
        "A licence obligation is not an export stop: deliveries can be late, come in part or not at all. "
        "The more precisely you report, the better we can tell these apart.</p>",
    ),
}


def make_pages() -> None:
    """Make the home pages if there are none yet, and the dossiers under them."""
    if not TextPage.objects.exists():
        _make_homes()
    make_indexes()
    make_dossiers()


def _make_homes() -> None:
    root = Page.get_first_root_node()
    for page in root.get_children():  # Wagtail's own welcome page
        page.delete()
    root = Page.get_first_root_node()
    homes = {}
    for language, (title, intro, body) in _HOME.items():
        locale, _made = Locale.objects.get_or_create(language_code=language)
        page = TextPage(
            title=title,
            slug=f"home-{language}",
            locale=locale,
            intro=[("text", intro)],
            body=[("text", body)],
        )
        if "nl" in homes:
            page.translation_key = homes["nl"].translation_key
        homes[language] = root.add_child(instance=page)
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=homes["nl"], is_default_site=True, site_name="Lodestock")
