"""The sandbox: all five services on this machine's loopback, without keys, credits or network (floor 6).

It is written from the services' fact sheets, never from our clients, so that the two can disagree and the tests can tell.

===============  ================================================================================================
``environment``  ports and keys, and the lines that point our commands here
``server``       the sandbox as a whole: started, asked for its state, stopped
``desk``         what every call passes: record, key, pace, situations
``situations``   what can go wrong on request, by name
``state``        what was asked, begun, charged and fetched
``music``        takes of any length from the embedded composer, their continuations, their files
``files``        the media host: links that expire, ranges, damaged files
``calls_back``   callbacks to receivers on this machine
``suno`` …       one or two modules a service: its paths, bodies, errors and pace
===============  ================================================================================================
"""
