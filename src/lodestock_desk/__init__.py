"""The desk: the site in which signals, licence cases, call-outs, outreach and contacts are kept. Uses `lodestock`."""
