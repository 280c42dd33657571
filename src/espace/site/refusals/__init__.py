"""The pages of reasons, for vendors: `/erreurs/` and `/erreurs/<code>/`.

They stand in `site` because one page tells what a reason becomes at every door: a page door may not import the door
for machines (`exchange`), of which the codes of IHE are, and only `site` stands above both.
"""
