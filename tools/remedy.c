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
	{ EACCES, "check its permissions, or do it as root" },
	{ EPERM, "check its permissions, or do it as root" },
	{ EAGAIN, "try again when fewer processes run" },
	{ EBADF, "do not close it" },
	{ EBUSY, "try again when nothing uses it" },
	{ EDQUOT, "make room" },
	{ EEXIST, "use another name, or remove it" },
	{ EISDIR, "name a file" },
	{ ELOOP, "check its links" },
	{ EMFILE, "raise the limit of open files" },
	{ ENAMETOOLONG, "use a shorter path" },
	{ ENFILE, "try again when fewer files are open" },
	{ ENOENT, "check its name" },
	{ ENOTDIR, "check its name" },
	{ ENOMEM, "try again when there is more memory" },
	{ ENOSPC, "make room" },
	{ EROFS, "use a place that can be written to" },
	{ ETXTBSY, "try again when it does not run" },
};

const char *remedy_of(int error)
{
	const char *text = NULL;

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
