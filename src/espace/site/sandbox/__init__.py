"""The sandbox of vendors: an organisation, keys and patients of their own, in demonstration and test homes alone."""
