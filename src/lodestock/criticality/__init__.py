"""How dependent we are: concentration, EU criticality, GeoPolRisk, own use and transit."""
