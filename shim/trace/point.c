/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trace points; see point.h. */
#define _GNU_SOURCE
#include "trace/point.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* The shim's own code: its calls are not the program's. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

/* A variable that bash(1) exports: the number of the line being executed. */
extern int executing_line_number(void) __attribute__((weak));

static bool is_own(uintptr_t site)
{
	return site >= (uintptr_t)__ehdr_start && site < (uintptr_t)_end;
}

/* -- Paths, and how many of them -- */

/*
 * Writes the shape of a path. Of its runs of letters and digits, a number becomes "#"; one
 * with letters and digits, or a long one with both cases, becomes "*".
 */
static size_t shape_of(const char *path, char out[WATCH_PATH])
{
	size_t to = 0;

	while (*path) {
		size_t n = 0, digits = 0, upper = 0;

		for (;; n++) {
			const char c = path[n];
			const bool digit = c >= '0' && c <= '9';
			const bool big = c >= 'A' && c <= 'Z';

			if (!digit && !big && !(c >= 'a' && c <= 'z') && c != '_')
				break;
			digits += digit;
			upper += big;
		}
		if (!n) {
			out[to++] = *path++;
			continue;
		}
		if (digits == n) {
			out[to++] = '#';
		} else if (digits || (upper && upper < n) || n >= 8) {
			out[to++] = '*';
		} else {
			memcpy(out + to, path, n);
			to += n;
		}
		path += n;
	}
	out[to] = '\0';
	return to;
}

/* The counter of a site's paths. NULL: there is no room. */
static uint32_t *paths_of(const struct point *p, uint32_t image)
{
	struct trace_record counter;
	uint64_t key = trace_mix(trace_mix(p->site, image), p->call);
	struct trace_record *found;
	bool new;

	memset(&counter, 0, sizeof counter);
	counter.image = image;
	counter.call = CALLS; /* not a call's number */
	found = trace_count(&counter, key, &new);
	return found ? &found->paths : NULL;
}

/* The text for PATH: PATH itself, or its shape after many paths from the site. */
static trace_string path_text(struct point *p, const char *path, size_t len, bool *shape)
{
	trace_string found = trace_find_text(path, len);
	char room[WATCH_PATH];
	uint32_t *paths;

	*shape = false;
	if (found)
		return found;
	paths = paths_of(p, trace_image());
	if (paths && __atomic_add_fetch(paths, 1, __ATOMIC_RELAXED) <= TRACE_PATHS)
		return trace_text(path, len);
	*shape = true;
	len = shape_of(path, room);
	return trace_text(room, len);
}

static __attribute__((noinline)) bool look_at(struct point *p, struct spot *spot, int fd,
					      const char *path)
{
	char room[WATCH_PATH];
	size_t root, len = watch_path(fd, path, room, &root);

	memset(spot, 0, sizeof *spot);
	if (!len)
		return false;
	watch_look(room, len, root, &spot->place, &spot->object);
	spot->path = path_text(p, room, len, &spot->shape);
	return true;
}

bool point_begin(struct point *p, uint32_t call, uintptr_t site, int fd, const char *path)
{
	const int saved = errno;

	p->on = false;
	p->call = call;
	p->site = site;
	if (!pt_trace || is_own(site))
		return false;
	p->a = p->b = p->flags = p->line = 0;
	memset(&p->other, 0, sizeof p->other);
	p->on = path && look_at(p, &p->spot, fd, path);
	if (!path)
		memset(&p->spot, 0, sizeof p->spot);
	if (p->on && executing_line_number)
		p->line = (uint32_t)executing_line_number();
	errno = saved;
	return p->on;
}

void point_other(struct point *p, int fd, const char *path)
{
	const int saved = errno;

	if (!pt_trace || is_own((uintptr_t)p->site) || !path)
		return;
	if (look_at(p, &p->other, fd, path)) {
		if (!p->on && executing_line_number)
			p->line = (uint32_t)executing_line_number();
		p->on = true;
	}
	errno = saved;
}

void point_exec(struct point *p, uint32_t call, uintptr_t site, int fd, const char *path)
{
	const int saved = errno;

	if (!point_begin(p, call, site, fd, path)) {
		if (!pt_trace || is_own(site) || !path || view_length(path) < 0)
			return;
		p->spot.path = trace_text(path, strlen(path));
		p->spot.place = PLACE_ELSEWHERE;
		if (executing_line_number)
			p->line = (uint32_t)executing_line_number();
		p->on = true;
	}
	p->flags |= TRACE_EXEC;
	errno = saved;
}

/* -- Records -- */

static uint64_t key_of(const struct trace_record *r)
{
	uint64_t key = trace_mix(r->site, (uint64_t)r->image << 32 | r->call);

	key = trace_mix(key, (uint64_t)r->path << 32 | r->other);
	key = trace_mix(key, (uint64_t)r->a << 32 | r->b);
	key = trace_mix(key, (uint64_t)(uint32_t)r->error << 32 | r->flags);
	key = trace_mix(key, (uint64_t)r->place << 32 | r->other_place);
	key = trace_mix(key, (uint64_t)r->before.type << 32 | r->before.uid);
	key = trace_mix(key, (uint64_t)r->before.mode << 32 | r->line);
	return trace_mix(key, (uint64_t)r->other_before.type << 32 | r->other_before.uid);
}

/* Records what the call has made, for the first call of its kind only. */
static void look_after(const struct point *p, struct trace_record *r, bool fd)
{
	struct spot after;
	char path[TRACE_STRING], room[WATCH_PATH];
	size_t root, len;
	const struct spot *at = p->other.path ? &p->other : &p->spot;

	if (fd && r->result >= 0) {
		watch_look_fd(r->result, &r->after);
		return;
	}
	if (at->shape || !at->path)
		return;
	trace_copy_text(at->path, path);
	len = watch_path(AT_FDCWD, path, room, &root);
	if (len) {
		watch_look(room, len, root, &after.place, &after.object);
		r->after = after.object;
	}
}

static struct trace_record *record(const struct point *p, bool failed, long result,
				   bool fd)
{
	struct trace_record r, *found;
	bool new;

	memset(&r, 0, sizeof r);
	__atomic_fetch_add(&pt_trace->calls, 1, __ATOMIC_RELAXED);
	r.image = trace_image();
	r.call = p->call;
	r.site = p->site;
	r.flags = p->flags | (p->spot.shape || p->other.shape ? TRACE_SHAPE : 0);
	r.path = p->spot.path;
	r.other = p->other.path;
	r.place = p->spot.place;
	r.other_place = p->other.place;
	r.a = p->a;
	r.b = p->b;
	r.error = failed ? errno : 0;
	r.line = p->line;
	r.before = p->spot.object;
	r.other_before = p->other.object;
	found = trace_count(&r, key_of(&r), &new);
	if (!found || !new)
		return found;
	found->result = (int32_t)result;
	found->time = trace_now();
	if (!failed && !(p->flags & TRACE_BEFORE))
		look_after(p, found, fd);
	trace_module((uintptr_t)p->site);
	trace_ready(found);
	return found;
}

void point_before(struct point *p)
{
	const int saved = errno;

	if (!p->on)
		return;
	p->flags |= TRACE_BEFORE;
	errno = 0;
	record(p, false, 0, false);
	p->flags &= ~(uint32_t)TRACE_BEFORE;
	errno = saved;
}

/* The paths of open descriptors; 0: not watched. */
enum { DESCRIPTORS = 1024 };
static trace_string opened[DESCRIPTORS];

void point_looked(uint32_t call, uintptr_t site, int fd)
{
	const int saved = errno;
	struct point p;

	if (fd < 0 || fd >= DESCRIPTORS || !opened[fd] || is_own(site))
		return;
	memset(&p, 0, sizeof p);
	p.call = call;
	p.site = site;
	p.spot.path = opened[fd];
	p.spot.place = PLACE_SHARED;
	/* Only once: the next descriptor of this number can be of another file. */
	opened[fd] = 0;
	errno = 0;
	record(&p, false, 0, false);
	errno = saved;
}

void point_end(struct point *p, bool failed, long result, bool fd)
{
	const int saved = errno;

	if (!p->on)
		return;
	record(p, failed, result, fd);
	if (fd && !failed && result >= 0 && result < DESCRIPTORS)
		opened[result] = p->spot.shape ? 0 : p->spot.path;
	errno = saved;
}

unsigned point_stream_flags(const char *mode)
{
	unsigned flags = 0;

	if (!mode)
		return 0;
	switch (mode[0]) {
	case 'r': break;
	case 'w': flags = O_CREAT | O_TRUNC; break;
	default: flags = O_CREAT | O_APPEND; break;
	}
	for (const char *at = mode + 1; *at && *at != ','; at++)
		if (*at == 'x')
			flags |= O_EXCL;
	if (strchr(mode, '+'))
		return flags | O_RDWR;
	return flags | (mode[0] == 'r' ? O_RDONLY : O_WRONLY);
}
