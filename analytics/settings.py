"""AnalyticsSettings: what is counted, and for how long it is kept. One section for each part."""

from dataclasses import dataclass, field

from analytics.doctor.settings import DoctorSettings
from analytics.preflight.settings import PreflightSettings
from analytics.quality.settings import QualitySettings
from analytics.recommendations.settings import RecommendationsSettings
from analytics.viewers.settings import ViewersSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsSettings:
    """Viewers, playback quality and the health of what is published."""

    viewers: ViewersSettings = field(default_factory=ViewersSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    doctor: DoctorSettings = field(default_factory=DoctorSettings)
    preflight: PreflightSettings = field(default_factory=PreflightSettings)
    recommendations: RecommendationsSettings = field(default_factory=RecommendationsSettings)
