"""Pictures and pages that tell a person what was found and made (a room).

=============  ==================================================================================
``cut_plot``   what was seen and heard in the cut
``music_plot`` what the music is, and how it meets the picture
``hearing``    what was heard in the music, in words
``page``       the report of a run: one HTML file with all of it inside
``axes``       what the pictures share
=============  ==================================================================================
"""
