"""`{% load i18n whose %}`: in the space of somebody else, `translate` says of them what it says to the holder."""

from django.template import Context, Library
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.html import escape
from django.utils.safestring import SafeString

from espace.portal.whose import helped_name, of_another

register = Library()


class WhoseNode(TranslateNode):
    """As Django's, but for the sentences that `espace.portal.whose_words` says otherwise. What a template says is
    markup already; the name that is put into it is none."""

    def render(self, context: Context) -> SafeString:
        said, name = self.filter_expression.var.literal, helped_name()
        other = of_another(str(said), escape(name)) if said and name else None
        if other is None:
            return SafeString(super().render(context))
        if not self.asvar:
            return SafeString(other)
        context[self.asvar] = SafeString(other)
        return SafeString("")


@register.tag("translate")
def translate(parser: Parser, token: Token) -> WhoseNode:
    node = do_translate(parser, token)
    return WhoseNode(node.filter_expression, node.noop, node.asvar, node.message_context)
