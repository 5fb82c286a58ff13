"""Templates: what is asked, when, and how it went."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from maintenance.checklists.bindings import answerer, titles
from maintenance.checklists.forms.templates import ItemForm, TemplateForm
from maintenance.checklists.models import Item, Template
from maintenance.checklists.selectors import always_fine, listing_sentence, next_three, records
from maintenance.checklists.services import templates as services
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock, keyset
from opsconsole.ui.forms import taken


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    found = records()
    return render(request, "checklists/list.html", {"records": found, "sentence": listing_sentence(found)})


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    template, now = get_object_or_404(Template, pk=pk), clock.now()
    runs = template.runs.select_related("signed_by")
    items, known = template.items.all(), titles()
    shown = {
        "template": template,
        "items": items,
        "answerers": {item.pk: answerer(item, known) for item in items},
        "next_three": next_three(template, now),
        "always_fine": always_fine(template, now),
        "page": keyset.page(runs, request.GET.get("after"), size=20),
    }
    return render(request, "checklists/template.html", shown)


def _manager(request: HttpRequest) -> User:
    actor = signed_in(request)
    require(actor, Role.MANAGER)
    return actor


def create(request: HttpRequest) -> HttpResponse:
    actor = _manager(request)

    def save(form: TemplateForm) -> Template:
        return services.template_create(actor=actor, now=clock.now(), **form.cleaned_data)

    return _template_form(request, None, save, "New checklist")


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = _manager(request)
    template = get_object_or_404(Template, pk=pk)

    def save(form: TemplateForm) -> Template:
        stored = Template.objects.get(pk=pk)  # the form has written into its own copy already
        return services.template_update(actor=actor, template=stored, now=clock.now(), **form.cleaned_data)

    return _template_form(request, template, save, template.name)


def _template_form(
    request: HttpRequest, template: Template | None, save: Callable[[TemplateForm], Template], title: str
) -> HttpResponse:
    form = TemplateForm(request.POST or None, instance=template)
    if request.method == "POST" and form.is_valid() and (saved := taken(form, lambda: save(form))):
        messages.success(request, "Saved.")
        return redirect("checklists:template", saved.pk)
    shown = {"form": form, "template": template, "title": title}
    return render(request, "checklists/template_form.html", shown, status=422 if form.errors else 200)


@require_POST
def rest(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=pk)
    services.template_rest(actor=signed_in(request), template=template)
    messages.success(request, f"{template} comes no more; its history stays. You can wake it any time.")
    return redirect("checklists:template", pk)


@require_POST
def wake(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=pk)
    services.template_wake(actor=signed_in(request), template=template, now=clock.now())
    messages.success(request, f"{template} comes again.")
    return redirect("checklists:template", pk)


def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    actor = _manager(request)
    template = get_object_or_404(Template, pk=pk)
    return _item_form(
        request,
        Item(template=template),
        lambda data: services.item_create(actor=actor, template=template, **data),
    )


def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = _manager(request)
    item = get_object_or_404(Item.objects.select_related("template"), pk=pk)
    return _item_form(request, item, lambda data: services.item_update(actor=actor, item=item, **data))


def _item_form(request: HttpRequest, item: Item, save: Callable[[dict[str, object]], Item]) -> HttpResponse:
    form = ItemForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        save(form.cleaned_data)
        messages.success(request, "Saved. It counts from the next time the checklist opens.")
        return redirect("checklists:template", item.template_id)
    shown = {"form": form, "item": item, "template": item.template}
    return render(request, "checklists/item_form.html", shown, status=422 if form.errors else 200)


@require_POST
def item_move(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Item.objects.select_related("template"), pk=pk)
    services.item_move(actor=signed_in(request), item=item, up=request.POST.get("way") == "up")
    return redirect("checklists:template", item.template_id)


@require_POST
def item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Item, pk=pk)
    services.item_delete(actor=signed_in(request), item=item)
    messages.success(request, f"“{item}” is asked no more; answers that were given stay.")
    return redirect("checklists:template", item.template_id)
