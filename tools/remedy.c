/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remedies by errno; see remedy.h. */
#include "remedy.h"
#include "core/report.h"
#include "program.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const struct {
	int error;
	const char *text;
} remedies[] = {
	{ E2BIG, "use fewer or shorter words" },
	{ EACCES, "check its permissions, or do it as root" },
	{ EPERM, "check its permissions, or do it as root" },
	{ EAGAIN, "try again when fewer processes run" },
	{ EBADF, "do not close it" },
	{ EBUSY, "try again when nothing uses it" },
	{ EDQUOT, "make room" },
	{ EEXIST, "use another name, or remove it" },
	{ EFBIG, "use a smaller file, or raise the limit (ulimit -f)" },
	{ EINVAL, "use a plain file" },
	{ EISDIR, "name a file" },
	{ ELOOP, "check its links" },
	{ EMFILE, "raise the limit of open files" },
	{ ENAMETOOLONG, "use a shorter path" },
	{ ENFILE, "try again when fewer files are open" },
	{ ENODEV, "name a file" },
	{ ENOENT, "check its name" },
	{ ENOEXEC, "use one for this machine" },
	{ ENOTDIR, "check its name" },
	{ ENOMEM, "try again when there is more memory" },
	{ ENOSPC, "make room" },
	{ ENXIO, "name a file" },
	{ EPIPE, "have its reader read all of it" },
	{ EROFS, "use a place that can be written to" },
	{ ETXTBSY, "try again when it does not run" },
	{ EUCLEAN, "check its file system (fsck)" },
};

const char *remedy_of(int error)
{
	/* Rare ones come from a file system, a security module or a broken disk. */
	const char *text = error ? "see the kernel's log (dmesg)" : NULL;

	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
		if (remedies[i].error == error)
			text = remedies[i].text;
	return (error == EACCES || error == EPERM) && geteuid() == 0 ?
		       "check its permissions" :
		       text;
}

const char *remedy_of_program(const struct program *program, int error)
{
	const size_t len = strlen(program->path);

	if (!program->script)
		return remedy_of(error);
	return len && program->path[len - 1] == '\r' ?
		       "end the script's lines as Unix does" :
		       "check the first line of the script";
}

void remedy_lack(const char *what, int error)
{
	static bool told;

	if (!told)
		report(what, "not all can be told", error, remedy_of(error));
	told = true;
}
