"""What goes wrong: export controls, licence cohorts, estimation from dated cases, regimes, outages."""
