"""Export of a 40-shot cut against moviepy, one ffmpeg filter graph and plain decoding; decoding need of 1,000 cuts."""
