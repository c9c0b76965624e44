"""Follow-ups: a question that leans on earlier ones is made to stand alone before anything is searched."""

from copilot.conversation.dated import Dated, dated
from copilot.conversation.standalone import Complete, Rewritten, standalone

__all__ = ["Complete", "Dated", "Rewritten", "dated", "standalone"]
