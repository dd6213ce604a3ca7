"""Contact point: project files with their legal clocks; finance, siting, ports and neighbours."""
