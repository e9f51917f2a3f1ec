"""heard(report, sound) -> what the finished file does not say, or says otherwise, than its report has it. A wing.

Each sentence is voiced anew and found in the file by its sound; where the two differ, Whisper is asked of both. What it mishears in
both is its own habit, and no fault of the file.
"""

from __future__ import annotations

from bulletin.listening.ear import Ear
from bulletin.listening.hearing import Misheard, heard

__all__ = ["Ear", "Misheard", "heard"]
