"""Addresses of the office's pages about verification."""

from django.urls import path

from ceping.web.office import calls, calls_frames, calls_signals

urlpatterns = [
    path("", calls.page, name="calls"),
    path("act/", calls.act, name="calls_act"),
    path("draws/<int:pk>/<int:number>/draw-clients.<slug:kind>", calls.record, name="calls_record"),
    path("signals/", calls_signals.page, name="calls_signals"),
    path("signals/switch/", calls_signals.switch, name="calls_switch"),
    path("<int:pk>/", calls_frames.page, name="calls_frame"),
    path("<int:pk>/act/", calls_frames.act, name="calls_frame_act"),
]
