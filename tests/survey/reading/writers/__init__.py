"""Writers of the survey tools' files: one module for each tool, `write(world, **style) -> bytes`.

They follow the tools' published conventions and know nothing of the readers, whose independent check they are.
"""
