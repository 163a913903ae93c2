/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds leftovers, and programs that were not audited. */
#include "judge.h"
#include "core/owner.h"
#include "core/sys.h"
#include "policy/view.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../command.h"
#include "../preload.h"
#include "../reach.h"
#include "../same_file.h"

enum { DEPTH = 32, ENTRIES = 100000 };

/*
 * The size of all that is in the directory FD; closes it. Bounded in depth and number. What is
 * mounted there can be another user's, and answer nobody: it is not looked into.
 */
static unsigned long long size_in(int fd, unsigned depth, unsigned *left)
{
	DIR *dir = fdopendir(fd);
	unsigned long long size = 0;
	struct statx st, around;
	struct dirent *entry;

	if (!dir || sys_look(fd, "", &around) < 0) {
		if (dir)
			closedir(dir);
		else
			close(fd);
		return 0;
	}
	while (*left && (entry = readdir(dir))) {
		int in;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    sys_look(fd, entry->d_name, &st) < 0 ||
		    !owner_same_mount(&st, &around))
			continue;
		--*left;
		if (S_ISREG(st.stx_mode))
			size += st.stx_size;
		if (!S_ISDIR(st.stx_mode) || !depth)
			continue;
		in = openat(fd, entry->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (in >= 0)
			size += size_in(in, depth - 1, left);
	}
	closedir(dir);
	return size;
}

static unsigned long long size_of(const char *path, const struct statx *st)
{
	unsigned left = ENTRIES;
	int fd;

	if (!S_ISDIR(st->stx_mode))
		return S_ISREG(st->stx_mode) ? st->stx_size : 0;
	if (owner_mounted(path, st) != 0)
		return 0;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? 0 : size_in(fd, DEPTH, &left);
}

bool left_real_path(const char *path, char real[PATH_MAX])
{
	const size_t len = strlen(path);
	const struct text *prefix;
	size_t inside;
	int guard = pt_view.policy ? view_guard_of(path, len, &inside) : -1;

	if (guard < 0 || view_is_shared(path, len, inside)) {
		prefix = NULL;
	} else {
		prefix = &pt_view.policy->guard[guard].prefix;
	}
	return snprintf(real, PATH_MAX, "%.*s%s", prefix ? (int)prefix->len : 0,
			prefix ? prefix->at : "", path) < PATH_MAX;
}

/* Whether the file at the path can be the one that was made. */
static bool is_same(const struct event *made, const struct statx *st)
{
	const struct trace_object *after = &made->record->after;

	return !after->ino || after->ino == st->stx_ino ||
	       st->stx_ctime.tv_sec >= (long long)(made->record->time / 1000000000);
}

/* Whether its directory is reported as left, too. */
static bool parent_is_left(const struct verdicts *v, const struct life *life)
{
	const struct life *in = life_of_parent(life->path);
	char real[PATH_MAX];
	struct statx st;

	return in && in->made && !in->gone &&
	       (v->over ||
		(left_real_path(in->path, real) && sys_look(AT_FDCWD, real, &st) == 0));
}

/* Whether what is there, on the way to PATH, can be another user's mount. */
static bool is_beyond(const struct verdicts *v, const char *path)
{
	char real[PATH_MAX];
	char *slash;

	if (v->over || !left_real_path(path, real))
		return false;
	slash = strrchr(real, '/');
	if (!slash || slash == real)
		return false;
	*slash = '\0';
	return owner_leads_away(real);
}

static void look_for(struct life *life, void *data)
{
	struct verdicts *v = data;
	struct finding *finding;
	char real[PATH_MAX];
	struct statx st = { .stx_size = 0 };

	if (!life->made || life->gone || life->asked ||
	    (life->made->record->flags & TRACE_SHAPE) || parent_is_left(v, life) ||
	    is_beyond(v, life->path))
		return;
	if (!v->over && (!left_real_path(life->path, real) ||
			 sys_look(AT_FDCWD, real, &st) < 0 || !is_same(life->made, &st)))
		return;
	finding = verdict(v, RULE_LEFTOVER, rules[RULE_LEFTOVER].severity, life->made,
			  life->path, "it is still there");
	if (finding)
		finding->size += v->over ? 0 : size_of(real, &st);
	timeline(v, life->path, "left", NULL);
}

void judge_leftovers(struct verdicts *v)
{
	lives_each(look_for, v);
}

/* Where the program of an exec is: by its path, or along PATH. */
static bool find_program(const char *name, char out[PATH_MAX])
{
	if (name[0] != '/')
		return command_find(name, out) == 0;
	if (strlen(name) >= PATH_MAX)
		return false;
	strcpy(out, name);
	return true;
}

/* Whether E executes PATH, which is this program, and runs what is audited itself. */
static bool runs_seen(const struct history *h, const struct event *e, const char *path)
{
	if (!same_paths("/proc/self/exe", path))
		return false;
	for (size_t i = 0; i < h->n_actors; i++)
		if (h->actors[i].image &&
		    h->actors[i].image->parent == e->actor->image->pid)
			return true;
	return false;
}

void judge_unseen(struct verdicts *v)
{
	const struct history *h = v->history;
	static struct shim shim;

	if (shim_find(&shim) < 0)
		return;
	for (size_t i = 0; i < h->n_events; i++) {
		const struct event *e = &h->events[i];
		struct program program;
		char path[PATH_MAX];
		const char *why, *remedy;

		if (!(e->record->flags & TRACE_EXEC) ||
		    !(e->record->flags & TRACE_BEFORE) || !e->path ||
		    !find_program(e->path, path) || owner_leads_away(path) ||
		    program_inspect(path, &program) != 0)
			continue;
		why = shim_obstacle(&shim, &program, &remedy);
		if (why && !runs_seen(h, e, path))
			verdict(v, RULE_NOT_COVERED, rules[RULE_NOT_COVERED].severity, e,
				e->path, "what it does was not seen: %s", why);
	}
}
