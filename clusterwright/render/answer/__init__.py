"""Answer files: what an installer is told, and what its boot menu says.

`@@word@@` stands for what is filled in when the file is served: tokens and whatever is secret. So
the files can be reviewed and lie in a repository.

answer      what is served for one host
preseed     for Debian's installer
autoinstall for Ubuntu's
target      commands in the installed system, the same for both
"""

from clusterwright.render.answer.answer import Answer, render_answer, render_answers

__all__ = ["Answer", "render_answer", "render_answers"]
