/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions that a program and its libraries import from libc; see subject.h. */
#include "gen/covered.h"
#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Functions that make a name before the file. */
static const char *const insecure[] = {
	"tmpnam", "tmpnam_r", "tempnam", "mktemp", "__mktemp", NULL,
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The shim's function names, sorted. */
static const char **wrapped;
static size_t n_wrapped;

static void load_wrapped(void)
{
	size_t n = 0;

	if (wrapped)
		return;
	while (covered_anywhere[n])
		n++;
	wrapped = calloc(n, sizeof *wrapped);
	if (!wrapped)
		return;
	memcpy(wrapped, covered_anywhere, n * sizeof *wrapped);
	qsort(wrapped, n, sizeof *wrapped, by_name);
	n_wrapped = n;
}

static bool is_wrapped(const char *name)
{
	load_wrapped();
	return bsearch(&name, wrapped, n_wrapped, sizeof *wrapped, by_name);
}

static bool is_reviewed(const char *name)
{
	for (const struct covered_reviewed *r = covered_reviewed; r->name; r++)
		if (!strcmp(r->name, name))
			return true;
	return false;
}

/* "2.34" as a number that can be compared. */
static unsigned version_number(const char *version)
{
	unsigned major = 0, minor = 0;

	sscanf(version, "%3u.%3u", &major, &minor);
	return major << 16 | minor;
}

/* Whether the function came into glibc after all that was looked at here. */
static bool is_newer(const struct import *import)
{
	const char *version = import->version;

	return version && !strncmp(version, "GLIBC_2.", 8) &&
	       version_number(version + 6) > version_number(covered_newest_glibc) &&
	       !is_reviewed(import->name);
}

static void read_object(const struct object *object, struct functions *out)
{
	out->deepbind |= object->deepbind;
	for (size_t i = 0; i < object->n_imports; i++) {
		const struct import *import = &object->imports[i];
		const char *name = import->name;

		out->dlopen |= !strcmp(name, "dlopen");
		out->dlmopen |= !strcmp(name, "dlmopen");
		out->syscall |= !strcmp(name, "syscall");
		out->io_uring |= !strncmp(name, "io_uring_", 9);
		if (is_wrapped(name)) {
			if (!texts_have(&out->covered, name))
				texts_add(&out->covered, "%s", name);
		} else if (is_newer(import) && !texts_have(&out->newer, name)) {
			texts_add(&out->newer, "%s", name);
		}
	}
}

static void find_insecure(struct subject *subject)
{
	for (int i = 0; insecure[i]; i++) {
		struct finding *finding;

		if (!object_imports(subject->object, insecure[i]))
			continue;
		finding = subject_find(subject, RULE_INSECURE_NAME_API);
		if (!finding)
			return;
		finding->call = insecure[i];
		finding->message =
			texts_add(&subject->owned, "It calls %s.", insecure[i]);
	}
}

void subject_read_functions(struct subject *subject)
{
	read_object(subject->object, &subject->functions);
	/* What libc's parts have of each other goes past no wrapper that matters. */
	for (size_t i = 0; i < subject->libraries.n; i++)
		if (!library_is_libc(subject->libraries.object[i]))
			read_object(subject->libraries.object[i], &subject->functions);
	if (subject->functions.covered.n)
		qsort(subject->functions.covered.text, subject->functions.covered.n,
		      sizeof *subject->functions.covered.text, by_name);
	find_insecure(subject);
}
