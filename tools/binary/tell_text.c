/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For people; see tell.h. */
#include "show.h"
#include "tell.h"

#include <elf.h>
#include <string.h>

enum { SHOWN = 20 }; /* findings of one file */

static void put_member(FILE *out, const char *name)
{
	fprintf(out, "  %-10s ", name);
}

static const char *libc_word(enum libc libc)
{
	static const char *const words[] = { "", "glibc", "musl", "another libc" };

	return words[libc];
}

static void put_object(const struct subject *subject, FILE *out)
{
	const struct object *o = subject->object;

	put_member(out, subject->kind == SUBJECT_LIBRARY ? "library" : "program");
	fprintf(out, "%s-bit %s, %s", o->class == ELFCLASS64 ? "64" : "32",
		object_machine(o), o->dynamic ? "dynamic" : "static");
	if (subject->libc)
		fprintf(out, ", %s", libc_word(subject->libc));
	if (subject->libc_version)
		fprintf(out, " %s", subject->libc_version);
	if (o->interpreter) {
		fputs(", ", out);
		show_put(out, o->interpreter);
	}
	if (o->go)
		fputs(", made by Go", out);
	putc('\n', out);
}

static void put_rights(const struct rights *r, FILE *out)
{
	if (!r->set_user && !r->set_group && !r->capabilities)
		return;
	put_member(out, "rights");
	if (r->set_user)
		fprintf(out, "set-user-ID of user %lu; ", (unsigned long)r->user);
	if (r->set_group)
		fprintf(out, "set-group-ID of group %lu; ", (unsigned long)r->group);
	if (r->capabilities)
		fputs("file capabilities; ", out);
	fputs(r->ignored ? "not heeded, the file system is mounted nosuid\n" :
			   "run by others it is in secure-execution mode (AT_SECURE)\n",
	      out);
}

static void put_list(const struct texts *texts, FILE *out)
{
	for (size_t i = 0; i < texts->n; i++) {
		fputs(i ? ", " : "", out);
		show_put(out, texts->text[i]);
	}
}

/* Those of the N words that are not NULL, in a line. */
static void put_words(const char *const word[], size_t n, FILE *out)
{
	const char *before = "";

	for (size_t i = 0; i < n; i++) {
		if (!word[i])
			continue;
		fprintf(out, "%s%s", before, word[i]);
		before = " ";
	}
	putc('\n', out);
}

static void put_functions(const struct subject *subject, FILE *out)
{
	const struct functions *f = &subject->functions;

	put_member(out, "functions");
	fprintf(out, "%zu that the shim wraps", f->covered.n);
	if (f->newer.n) {
		fputs("; newer than this privtmp: ", out);
		put_list(&f->newer, out);
	}
	putc('\n', out);
	if (!f->dlopen && !f->dlmopen && !f->syscall)
		return;
	put_member(out, "also takes");
	put_words(
		(const char *[]){
			f->deepbind ? "dlopen (RTLD_DEEPBIND)" :
			f->dlopen   ? "dlopen" :
				      NULL,
			f->dlmopen ? "dlmopen" : NULL,
			f->syscall ? "syscall" : NULL,
		},
		3, out);
}

static void put_libraries(const struct libraries *libraries, FILE *out)
{
	if (!libraries->n && !libraries->missing.n)
		return;
	put_member(out, "libraries");
	fprintf(out, "%zu", libraries->n);
	if (libraries->missing.n) {
		fputs("; not found: ", out);
		put_list(&libraries->missing, out);
	}
	putc('\n', out);
}

static void put_finding(const struct finding *f, FILE *out)
{
	fprintf(out, "  %s: ", rules[f->rule].name);
	if (f->path) {
		show_put(out, f->path);
		fputs(": ", out);
	}
	show_put(out, f->message);
	if (f->site.script_line)
		fprintf(out, " (line %u)", f->site.script_line);
	else if (f->site.offset)
		fprintf(out, " (at 0x%llx)", (unsigned long long)f->site.offset);
	putc('\n', out);
}

static void put_findings(const struct subject *subject, FILE *out)
{
	for (size_t i = 0; i < subject->n_findings && i < SHOWN; i++)
		put_finding(&subject->findings[i], out);
	if (subject->n_findings > SHOWN)
		fprintf(out, "  and %zu more\n", subject->n_findings - SHOWN);
}

void tell_full(const struct subject *subject, FILE *out)
{
	show_put(out, subject->path);
	fprintf(out, ": %s\n", reach_word(subject->reach));
	put_member(out, "door");
	fprintf(out, "%s\n", door_word(subject->door));
	for (size_t i = 0; i < subject->reasons.n; i++) {
		put_member(out, i ? "" : "why");
		show_put(out, subject->reasons.text[i]);
		putc('\n', out);
	}
	if (subject->interpreter) {
		put_member(out, "script of");
		show_put(out, subject->interpreter);
		putc('\n', out);
	}
	if (subject->object) {
		put_object(subject, out);
		put_rights(&subject->rights, out);
		if (subject->object->dynamic)
			put_functions(subject, out);
		put_libraries(&subject->libraries, out);
	}
	put_findings(subject, out);
}

void tell_brief(const struct subject *subject, FILE *out)
{
	fprintf(out, "%-11s  %-7s  ", reach_word(subject->reach),
		door_word(subject->door));
	show_put(out, subject->path);
	if (subject->reasons.n) {
		fputs(": ", out);
		show_put(out, subject->reasons.text[0]);
	}
	if (subject->reasons.n > 1)
		fprintf(out, " (and %zu more)", subject->reasons.n - 1);
	putc('\n', out);
}

void tell_tally(const struct tally *t, FILE *out)
{
	fprintf(out, "%lu file%s: %lu covered, %lu partly, %lu not covered", t->files,
		t->files == 1 ? "" : "s", t->reached[REACH_ALL], t->reached[REACH_PART],
		t->reached[REACH_NONE]);
	if (t->wrong)
		fprintf(out, "; %lu could not be read", t->wrong);
	fprintf(out, "; %lu finding%s\n", t->findings, t->findings == 1 ? "" : "s");
}
