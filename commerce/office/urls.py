from django.urls import path

from commerce.office.styleguide import styleguide

urlpatterns = [path("styleguide/", styleguide, name="styleguide")]
