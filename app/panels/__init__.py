"""The panel of a locality: meetings, agendas, packs, conflicts of interest, votes and decisions on what schools ask for."""
