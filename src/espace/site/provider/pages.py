"""The provider's few pages: plain, in French, whole without a program in the browser."""

from html import escape

from espace.site.provider.accounts import ACCOUNTS, Account
from espace.site.provider.http import Response

STYLE = b"""
:root { color-scheme: light dark; --ink: #1c2430; --paper: #f5f6f8; --sheet: #fff; --line: #767f8c; --act: #2a4b8d;
  --act-ink: #fff; --wrong: #a11b1b; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceff4; --paper: #14181f; --sheet: #1e242e; --line: #8a94a3;
  --act: #a9c1f2; --act-ink: #10182a; --wrong: #ffb0a8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.125rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 34rem; margin-inline: auto; padding: 1rem; }
header { font-weight: 600; border-bottom: 4px double var(--line); }
main { background: var(--sheet); padding: 1.5rem 1rem 2rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
label { display: block; font-weight: 600; margin-top: 1rem; }
input { width: 100%; font: inherit; padding: .6rem; border: 1px solid var(--line); border-radius: 4px;
  background: var(--sheet); color: inherit; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; margin-top: 1.25rem; padding: .5rem 1.25rem;
  border: 2px solid var(--act); border-radius: 4px; background: var(--act); color: var(--act-ink); cursor: pointer; }
a { color: var(--act); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.wrong { color: var(--wrong); border-left: 4px solid var(--wrong); padding-left: .75rem; }
.demo { border: 1px dashed var(--line); padding: .75rem 1rem; margin-top: 2rem; }
summary { cursor: pointer; font-weight: 600; }
dt { font-weight: 600; margin-top: .75rem; }
dd { margin: 0; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.soft { font-size: 1rem; }
"""
SERVICE = "Fournisseur d’identité de démonstration"


def page(title: str, body: str, *, client: str, status: int = 200, cookies: dict[str, str] | None = None) -> Response:
    """A page; `client` is the origin to which its forms may lead. `body` is HTML, already escaped."""
    text = f"""<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – {SERVICE}</title>
<link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,"></head>
<body><header>{SERVICE}</header>
<main><h1>{escape(title)}</h1>
{body}
</main>
<footer class="soft"><p>Il joue ici le rôle de Pro Santé Connect, et n’en est pas un service. Personnes inventées.</p>
</footer></body></html>"""
    policy = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {client}"
    )
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy))
    return Response(status, text.encode(), headers, cookies or {})


def password_form(attempt: str, *, cast: str, identifier: str = "", wrong: bool = False) -> str:
    return f"""{_wrong("L’identifiant ou le mot de passe n’est pas le bon.") if wrong else ""}
<form method="post" action="/sign-in">
<input type="hidden" name="attempt" value="{escape(attempt)}">
<label for="identifier">Identifiant</label>
<input id="identifier" name="identifier" value="{escape(identifier)}" autocomplete="username" required
 autocapitalize="none" spellcheck="false"{' aria-describedby="wrong"' if wrong else ""}>
<label for="password">Mot de passe</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Continuer</button>
</form>
<details class="demo"><summary>Démonstration : qui peut se connecter</summary>
<dl class="soft">{"".join(_member(one) for one in ACCOUNTS)}</dl>
<p class="soft">Les patients : <a href="{escape(cast)}">la page des personnages</a>.</p></details>"""


def _member(account: Account) -> str:
    return (
        f"<dt>{escape(account.professional.name)}</dt><dd>{escape(account.about)}</dd>"
        f"<dd>Identifiant : <code>{escape(account.identifier)}</code></dd>"
        f"<dd>Mot de passe : <code>{escape(account.password)}</code></dd>"
    )


def second_form(attempt: str, account: Account, *, now_code: str, wrong: bool = False) -> str:
    """`now_code` is what the authenticator application of the account shows at this moment."""
    return f"""{_wrong("Ce code n’est pas le bon, ou il a déjà servi.") if wrong else ""}
<p>Bonjour {escape(account.professional.name)}. Une seconde preuve est demandée.</p>
<form method="post" action="/confirm">
<input type="hidden" name="attempt" value="{escape(attempt)}">
<label for="code">Code à six chiffres de votre application</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required
 pattern="[0-9 ]*"{' aria-describedby="wrong"' if wrong else ""}>
<button name="way" value="code">Confirmer</button>
</form>
<details class="demo"><summary>Démonstration : le code du moment</summary>
<p>L’application de ce compte montre <code>{escape(now_code)}</code>.</p></details>
<form class="demo" method="post" action="/confirm">
<input type="hidden" name="attempt" value="{escape(attempt)}">
<p>Démonstration : ce bouton remplace le téléphone où se trouve l’e-CPS.</p>
<button name="way" value="ecps">Confirmer sur mon e-CPS</button>
</form>"""


def session_body(account: Account, form: str) -> str:
    return f"""<p>Vous êtes connecté : {escape(account.professional.name)}.</p>
<form method="post" action="/end"><input type="hidden" name="form" value="{escape(form)}">
<p>Fermer cette session ferme aussi celles des logiciels où elle a servi.</p>
<button>Fermer la session</button></form>"""


def _wrong(sentence: str) -> str:
    return f'<p class="wrong" id="wrong" role="alert">{escape(sentence)}</p>'
