"""The cut: a timeline opened, exported and watched; what an earlier run laid on it; the cues planned for it.

Knows no other sub-package: nobody has made or been asked for music yet.
"""
