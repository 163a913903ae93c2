/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading what procfs says of processes. Much of it is theirs to choose. */
#ifndef PRIVTMP_TOOLS_PROCFS_H
#define PRIVTMP_TOOLS_PROCFS_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* Opens NAME of the process PID. NULL with errno set on failure. */
FILE *procfs_open(pid_t pid, const char *name);

/*
 * Whether ERROR, an errno of such a reading, is more than that the process has ended, or is
 * not the caller's to look into: something is lacking here.
 */
bool procfs_is_lack(int error);

/* Writes its arguments to OUT, with blanks between them, as far as they fit; or "". */
void procfs_command(pid_t pid, char *out, size_t size);

/*
 * The files that a process has mapped, by the lines of its maps in turn. While the dynamic
 * linker is at work on the first library, there are two: the program and itself.
 */
struct procfs_files {
	unsigned n; /* more where they take turns */
	char last[PATH_MAX];
};

enum { PROCFS_LOADING = 2 };

/* The file that LINE, of maps, shows, which it ends behind, and counts; NULL: none. */
char *procfs_mapped(struct procfs_files *files, char *line);

/* A line of mountinfo: which directory of its file system is mounted, and where. */
struct procfs_mount {
	const char *root, *point;
};

/* Takes LINE apart, which it cuts. False where it has too few fields. */
bool procfs_mount(char *line, struct procfs_mount *out);

#endif
