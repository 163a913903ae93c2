/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Removes traces of audits that were killed; see dead_traces.h. Their directories are this
 * user's and closed to others, in one where nobody else can put another in their place: so
 * what is removed by their names is what was looked at.
 */
#include "dead_traces.h"
#include "plant.h"
#include "policy/text.h"
#include "session/trust.h"
#include "trace_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	MOST = 10000, /* names in a directory that are looked at: anyone can make more */
	YOUNG = 60,   /* seconds, in which a trace may have no lock yet */
};

/* Whether an audit gives such a NAME to the directory of its trace. */
static bool is_name(const char *name)
{
	const char *drawn = text_after(name, TRACE_DIRECTORY_NAME);

	return drawn && strlen(drawn) == TRACE_DRAWN && !strpbrk(drawn, "-.");
}

/* Whether who has made the trace at PATH is gone. */
static bool is_dead(const char *path)
{
	const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	bool dead;

	if (fd < 0)
		return false;
	dead = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_mtim.tv_sec < time(NULL) - YOUNG &&
	       flock(fd, LOCK_EX | LOCK_NB) == 0;
	close(fd);
	return dead;
}

static bool remove_in(void *arg, const char *in)
{
	DIR *dir = opendir(in);
	const struct dirent *entry;

	(void)arg;
	for (int i = 0; dir && i < MOST && (entry = readdir(dir)); i++) {
		struct trace_file dead = { .lock = -1 };

		if (!is_name(entry->d_name))
			continue;
		trace_name(&dead, in, entry->d_name);
		if (!trace_is_own(dead.directory) ||
		    trust_parents(dead.path, geteuid()) < 0 || !is_dead(dead.path))
			continue;
		plant_clear(&dead);
		trace_remove(&dead);
	}
	if (dir)
		closedir(dir);
	return false;
}

void dead_traces_remove(void)
{
	trace_each_place(remove_in, NULL);
}
