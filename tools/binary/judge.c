/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict on a file: what the shim cannot see of it, and which door to use. */
#include "subject.h"
#include "policy/text.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

/* The verdict becomes REACH if it was better, and DOOR is the one to take. */
static void lower(struct subject *subject, enum reach reach, enum door door)
{
	if (reach <= subject->reach)
		return;
	subject->reach = reach;
	subject->door = door;
}

static void judge_rights(struct subject *subject)
{
	const struct rights *r = &subject->rights;

	if (r->ignored || (!r->set_user && !r->set_group && !r->capabilities))
		return;
	texts_add(
		&subject->reasons,
		"%s: the dynamic linker ignores LD_PRELOAD; started by root, or with the shim "
		"in /etc/ld.so.preload, it is covered",
		r->set_user  ? "set-user-ID" :
		r->set_group ? "set-group-ID" :
			       "file capabilities");
	lower(subject, REACH_NONE, DOOR_MOUNT);
}

/* Whether libc is not the shim's. */
static bool is_foreign(const struct subject *subject)
{
	return subject->libc == LIBC_OTHER ||
	       subject->libc == (shim_is_musl ? LIBC_GLIBC : LIBC_MUSL);
}

/* Why the shim cannot be loaded into it at all. */
static void judge_loading(struct subject *subject, const struct shim *shim)
{
	const struct object *o = subject->object;
	struct program program = {
		.known = true,
		.is_static = !o->dynamic,
		.class = o->class,
		.order = o->order,
		.machine = o->machine,
	};
	const char *remedy, *obstacle = shim_obstacle(shim, &program, &remedy);

	if (obstacle)
		texts_add(&subject->reasons, "%s", obstacle);
	else if (is_foreign(subject))
		texts_add(
			&subject->reasons,
			"made for another libc than the shim: install a libprivtmp.so that "
			"was built for it");
	else
		return;
	lower(subject, REACH_NONE, DOOR_MOUNT);
}

/* Writes the names of the calls to OUT, as many as there is room for. */
static void name_calls(const struct code_calls *calls, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; path_calls[i].name; i++) {
		int n;

		if (!code_has(calls, i))
			continue;
		n = snprintf(out + at, size - at, "%s%s", at ? ", " : "",
			     path_calls[i].name);
		if (n < 0 || (size_t)n >= size - at) {
			strcpy(out + size - 4, "...");
			return;
		}
		at += (size_t)n;
	}
}

static void judge_code(struct subject *subject, const struct object *object)
{
	const struct code_calls *calls = &object->calls;
	char names[128];

	if (code_has_paths(calls)) {
		name_calls(calls, names, sizeof names);
		texts_add(&subject->reasons,
			  "%s has system calls of its own: %s (first at 0x%llx)",
			  text_base(object->path), names,
			  (unsigned long long)calls->first);
	}
	if (calls->io_uring)
		texts_add(&subject->reasons,
			  "%s uses io_uring by system calls of its own",
			  text_base(object->path));
	if (calls->computed)
		texts_add(
			&subject->reasons,
			"%s has a system call whose number is not written in the code (first at "
			"0x%llx)",
			text_base(object->path),
			(unsigned long long)calls->first_computed);
	if (code_has_paths(calls) || calls->io_uring || calls->computed)
		lower(subject, REACH_PART, DOOR_MOUNT);
}

/* Before glibc 2.35, a guest in a namespace of dlmopen cannot tell where it is. */
static bool is_before_2_35(const char *version)
{
	unsigned major, minor;

	return version && sscanf(version, "%3u.%3u", &major, &minor) == 2 && major == 2 &&
	       minor < 35;
}

static void judge_functions(struct subject *subject)
{
	const struct functions *f = &subject->functions;

	for (size_t i = 0; i < f->newer.n; i++)
		texts_add(&subject->reasons,
			  "%s is of a newer libc than this privtmp knows",
			  f->newer.text[i]);
	if (f->io_uring)
		texts_add(&subject->reasons,
			  "io_uring: what it opens goes past libc's functions");
	if (f->dlmopen && is_before_2_35(subject->libc_version))
		texts_add(&subject->reasons,
			  "dlmopen, before glibc 2.35: what it loads is not covered");
	for (size_t i = 0; i < subject->libraries.missing.n; i++)
		texts_add(&subject->reasons,
			  "%s was not found: what it does is not known",
			  subject->libraries.missing.text[i]);
	if (subject->reasons.n)
		lower(subject, REACH_PART, DOOR_MOUNT);
}

void subject_judge(struct subject *subject, const struct shim *shim)
{
	const struct object *object = subject->object;

	subject->reach = REACH_ALL;
	subject->door = DOOR_PRELOAD;
	judge_rights(subject);
	judge_loading(subject, shim);
	if (object->go) {
		texts_add(&subject->reasons,
			  "made by Go: it calls the kernel itself, not libc");
		lower(subject, REACH_NONE, DOOR_MOUNT);
	}
	if (subject->reach == REACH_NONE)
		return;
	/* The wrappers cover the system calls of libc and its parts. */
	if (!library_is_libc(object))
		judge_code(subject, object);
	for (size_t i = 0; i < subject->libraries.n; i++)
		if (!library_is_libc(subject->libraries.object[i]))
			judge_code(subject, subject->libraries.object[i]);
	judge_functions(subject);
}
