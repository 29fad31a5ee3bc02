"""How long a published or edited matrix takes until every process answers by it."""
