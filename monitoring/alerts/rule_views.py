"""Pages of alert rules."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from monitoring.alerts import ruling
from monitoring.alerts.forms.rules import RuleForm
from monitoring.alerts.judging import rule_now
from monitoring.alerts.models import Alert, Rule
from monitoring.alerts.replaying import preview
from monitoring.alerts.rules import kinds
from monitoring.alerts.rules.base import Kind
from monitoring.alerts.sentences import rules_board
from monitoring.alerts.shipped import TEMPLATES
from monitoring.alerts.subjects import title_of
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock, keyset
from opsconsole.ui.forms import attempt


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    rules = list(Rule.objects.select_related("service"))
    context = {"rules": rules, "heading": rules_board(rules), "templates": TEMPLATES.values(), "kinds": kinds}
    return render(request, "alerts/rules.html", context)


@require_safe
def rule_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rule, now = get_object_or_404(Rule.objects.select_related("service"), pk=pk), clock.now()
    kind = kinds[rule.kind]
    context = {
        "rule": rule,
        "kind": kind,
        "subject": title_of(rule.subject),
        "judgement": rule_now(rule, now),
        "replay": preview(kind, rule.subject, rule.config, now),
        "page": keyset.page(Alert.objects.filter(source=rule.source), request.GET.get("after"), size=20),
    }
    return render(request, "alerts/rule.html", context)


def rule_new(request: HttpRequest) -> HttpResponse:
    """The kind stands in the address; a template fills the fields. “Try it” shows the last 30 days and keeps nothing."""
    user, now = signed_in(request), clock.now()
    require(user, Role.MANAGER)
    template = TEMPLATES.get(request.GET.get("template", ""))
    kind = kinds.get(template.kind if template else request.GET.get("kind", "")) or kinds["threshold"]
    form = RuleForm.by(kind, template, request.GET.get("subject", ""), request.POST or None)
    if request.method == "POST" and not _tries(request):
        rule = attempt(form, ruling.rule_create, actor=user, kind=kind.name, now=now)
        if rule:
            messages.success(request, f"{rule} is watching.")
            return redirect("alerts:rule", rule.pk)
    context = _form_context(request, kind, form) | {"template": template, "kinds": kinds}
    return render(request, "alerts/rule_new.html", context)


def rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, now = signed_in(request), clock.now()
    require(user, Role.MANAGER)
    rule = get_object_or_404(Rule.objects.select_related("service"), pk=pk)
    kind = kinds[rule.kind]
    form = RuleForm.of(kind, rule, request.POST or None)
    asked = request.method == "POST" and not _tries(request)
    if asked and attempt(form, ruling.rule_update, actor=user, rule=rule, now=now) is not None:
        messages.success(request, f"{rule} is saved and judged anew.")
        return redirect("alerts:rule", pk)
    return render(request, "alerts/rule_edit.html", _form_context(request, kind, form) | {"rule": rule})


@require_POST
def rule_switch(request: HttpRequest, pk: int) -> HttpResponse:
    rule, on = get_object_or_404(Rule, pk=pk), request.POST.get("on") == "1"
    ruling.rule_switch(actor=signed_in(request), rule=rule, on=on, now=clock.now())
    messages.success(request, f"{rule} is switched {'on' if on else 'off'}.")
    return redirect("alerts:rule", pk)


@require_POST
def rule_remove(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(Rule, pk=pk)
    ruling.rule_remove(actor=signed_in(request), rule=rule, now=clock.now())
    messages.success(request, f"{rule} is removed. What it said stays in the history.")
    return redirect("alerts:rules")


def _tries(request: HttpRequest) -> bool:
    return "try" in request.POST


def _form_context(request: HttpRequest, kind: Kind, form: RuleForm) -> dict[str, object]:
    replay = None
    if _tries(request) and form.is_valid():
        config = ruling.config_of(kind.name, form.cleaned_data)
        replay = preview(kind, form.cleaned_data["subject"], config, clock.now())
    return {"form": form, "kind": kind, "replay": replay}
