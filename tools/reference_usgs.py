from reference_writer import Maker

MAKERS: dict[str, Maker] = {}
