"""What audio is opened from: formats that hold their own sound."""

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,wav,flac,aac,caf,mp3,amr,aiff"
"""FFmpeg's names. None that names other files (concat, playlists): a recording is one file."""
