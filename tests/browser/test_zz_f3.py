"""Scratch: pictures of F3, deleted afterwards."""
from pathlib import Path
from browser.every import HOLDER, VISITOR, World, the
from datetime import timedelta
from espace import edge
OUT = Path("/tmp/f3shots"); OUT.mkdir(exist_ok=True)

def test_shots(tabs, world):
    from portal.helpers import cda, file
    heads = "".join(f"<th>{h}</th>" for h in ("Médicament", "Posologie", "Voie d’administration", "Depuis", "Jusqu’au", "Prescripteur", "Remarques"))
    cells = "".join(f"<td>{h}</td>" for h in ("Lévothyroxine 75 µg", "1 comprimé le matin à jeun", "orale", "12/03/2024", "renouvelable", "Hélène Morvan", "à distance du petit-déjeuner"))
    body = f"<structuredBody><component><section><title>Traitements</title><text><table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr><tr>{cells}</tr></tbody></table></text></section></component></structuredBody>"
    wide = file(world.camille.of, cda(world.camille.of, body), title="Synthèse médicale")
    desk = world.clients["doctor"]
    for _ in range(4):
        desk.get(f"/pro/patients/{world.camille.of.patient}/")
    names = {"home": "/", "documents": "/documents/", "sharing": "/partage/", "history": "/partage/historique/", "security": "/securite/", "search": "/partage/professionnels/?vide=1",
       "remove": f"/documents/supprimer/?document={world.words[HOLDER]['document_id']}", "reading": the(world, HOLDER, "reading").path, "confirm": "/securite/confirmer/", "mailcodes": "/securite/courriel/", "wide": f"/documents/{wide}/"}
    page = tabs[HOLDER]
    for name, path in names.items():
        page.goto(path)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for w in (1280, 390, 320):
                if w == 320 and theme == "dark": continue
                page.set_viewport_size({"width": w, "height": 800})
                page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
                page.screenshot(path=OUT / f"{name}-{w}-{theme}.png", full_page=True)
                over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if over > 0: print("OVERFLOW", name, w, over)
    page = tabs[VISITOR]
    for name, path in {"signin": "/connexion/", "lost": "/connexion/perdu/"}.items():
        page.goto(path)
        for w in (1280, 390):
            page.set_viewport_size({"width": w, "height": 800})
            page.screenshot(path=OUT / f"{name}-{w}-light.png", full_page=True)
    page = tabs["doctor"]
    page.goto("/pro/")
    for w in (1280, 390, 320):
        page.set_viewport_size({"width": w, "height": 800})
        page.screenshot(path=OUT / f"pro-{w}-light.png", full_page=True)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0: print("OVERFLOW pro", w, over)
