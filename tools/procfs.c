/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading what procfs says of processes; see procfs.h. */
#include "procfs.h"

#include <errno.h>
#include <string.h>

FILE *procfs_open(pid_t pid, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	return fopen(path, "re");
}

bool procfs_is_lack(int error)
{
	switch (error) {
	case 0:
	case ENOENT:
	case ESRCH:
	case EINVAL: /* the mounts of one that ends */
	case EACCES:
	case EPERM: return false;
	default: return true;
	}
}

char *procfs_mapped(struct procfs_files *files, char *line)
{
	char *name = strchr(line, '/');

	if (!name)
		return NULL;
	name[strcspn(name, "\n")] = '\0';
	files->n += strncmp(name, files->last, sizeof files->last - 1) != 0;
	snprintf(files->last, sizeof files->last, "%s", name);
	return name;
}

void procfs_command(pid_t pid, char *out, size_t size)
{
	FILE *file = procfs_open(pid, "cmdline");
	size_t n = file ? fread(out, 1, size - 1, file) : 0;

	if (file)
		fclose(file);
	while (n && !out[n - 1])
		n--;
	for (size_t i = 0; i < n; i++)
		if (!out[i])
			out[i] = ' ';
	out[n] = '\0';
}

bool procfs_mount(char *line, struct procfs_mount *out)
{
	enum { FIELD_ROOT = 3, FIELD_POINT = 4 };
	char *save = NULL;

	*out = (struct procfs_mount){ NULL, NULL };
	for (int i = 0; i <= FIELD_POINT; i++) {
		const char *field = strtok_r(i ? NULL : line, " ", &save);

		if (!field)
			return false;
		if (i == FIELD_ROOT)
			out->root = field;
		else if (i == FIELD_POINT)
			out->point = field;
	}
	return true;
}
