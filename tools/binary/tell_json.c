/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For programs; see tell.h. privtmp(1) says what the members are. */
#include "json.h"
#include "tell.h"

#include <elf.h>
#include <string.h>

static void put_texts(FILE *out, const char *name, const struct texts *texts)
{
	fprintf(out, ", \"%s\": [", name);
	for (size_t i = 0; i < texts->n; i++) {
		fputs(i ? ", " : "", out);
		json_string(out, texts->text[i]);
	}
	putc(']', out);
}

static void put_flag(FILE *out, const char *name, bool value)
{
	fprintf(out, ", \"%s\": %s", name, value ? "true" : "false");
}

static void put_rights(FILE *out, const struct rights *r)
{
	fputs(", \"set_user_id\": ", out);
	if (r->set_user)
		fprintf(out, "%lu", (unsigned long)r->user);
	else
		fputs("null", out);
	fputs(", \"set_group_id\": ", out);
	if (r->set_group)
		fprintf(out, "%lu", (unsigned long)r->group);
	else
		fputs("null", out);
	put_flag(out, "capabilities", r->capabilities);
	put_flag(out, "secure_execution",
		 !r->ignored && (r->set_user || r->set_group || r->capabilities));
}

/* The object's own calls of the kernel. */
static void put_calls(FILE *out, const struct object *o, bool first)
{
	bool any = false;

	fprintf(out, "%s{\"module\": ", first ? "" : ", ");
	json_string(out, o->path);
	fputs(", \"paths\": [", out);
	for (int i = 0; path_calls[i].name; i++) {
		if (!code_has(&o->calls, i))
			continue;
		fputs(any ? ", " : "", out);
		json_string(out, path_calls[i].name);
		any = true;
	}
	fprintf(out, "], \"io_uring\": %s, \"computed\": %lu, \"instructions\": %lu}",
		o->calls.io_uring ? "true" : "false", o->calls.computed,
		o->calls.instructions);
}

static void put_all_calls(FILE *out, const struct subject *subject)
{
	bool first = true;

	fputs(", \"system_calls\": [", out);
	for (size_t i = 0; i <= subject->libraries.n; i++) {
		const struct object *o = i ? subject->libraries.object[i - 1] :
					     subject->object;

		if (!o->calls.instructions || library_is_libc(o))
			continue;
		put_calls(out, o, first);
		first = false;
	}
	putc(']', out);
}

static void put_object(FILE *out, const struct subject *subject)
{
	static const char *const libcs[] = { "", "glibc", "musl", "other" };
	const struct object *o = subject->object;
	const struct functions *f = &subject->functions;

	fprintf(out, ", \"bits\": %s", o->class == ELFCLASS64 ? "64" : "32");
	json_member(out, "machine", object_machine(o));
	json_member(out, "linking", o->dynamic ? "dynamic" : "static");
	json_member(out, "interpreter", o->interpreter);
	json_member(out, "libc", libcs[subject->libc]);
	json_member(out, "libc_version", subject->libc_version);
	put_flag(out, "go", o->go);
	put_texts(out, "functions", &f->covered);
	put_texts(out, "newer_functions", &f->newer);
	put_flag(out, "dlopen", f->dlopen);
	put_flag(out, "deepbind", f->deepbind);
	put_flag(out, "dlmopen", f->dlmopen);
	put_flag(out, "syscall", f->syscall);
	put_flag(out, "io_uring", f->io_uring);
	fputs(", \"libraries\": [", out);
	for (size_t i = 0; i < subject->libraries.n; i++) {
		fputs(i ? ", " : "", out);
		json_string(out, subject->libraries.object[i]->path);
	}
	putc(']', out);
	put_texts(out, "missing_libraries", &subject->libraries.missing);
	put_flag(out, "code_read", o->code_read);
	put_all_calls(out, subject);
}

static void put_findings(FILE *out, const struct subject *subject)
{
	fputs(", \"findings\": [", out);
	for (size_t i = 0; i < subject->n_findings; i++) {
		const struct finding *f = &subject->findings[i];

		fprintf(out, "%s{\"rule\": ", i ? ", " : "");
		json_string(out, rules[f->rule].name);
		json_member(out, "path", f->path);
		json_member(out, "call", f->call);
		json_member(out, "message", f->message);
		if (f->site.script_line)
			fprintf(out, ", \"line\": %u", f->site.script_line);
		if (f->site.offset)
			fprintf(out, ", \"address\": %llu",
				(unsigned long long)f->site.offset);
		putc('}', out);
	}
	putc(']', out);
}

void tell_json(const struct subject *subject, bool first, FILE *out)
{
	static const char *const kinds[] = { "program", "library", "script" };

	fputs(first ? "{\"files\": [\n" : ",\n", out);
	fputs("{\"path\": ", out);
	json_string(out, subject->path);
	json_member(out, "kind", kinds[subject->kind]);
	json_member(out, "verdict", reach_word(subject->reach));
	json_member(out, "door", door_word(subject->door));
	put_texts(out, "reasons", &subject->reasons);
	if (subject->object) {
		put_rights(out, &subject->rights);
		put_object(out, subject);
	} else {
		json_member(out, "interpreter", subject->interpreter);
	}
	put_findings(out, subject);
	putc('}', out);
}

void tell_json_wrong(const char *path, const struct wrong *wrong, bool first, FILE *out)
{
	fputs(first ? "{\"files\": [\n" : ",\n", out);
	fputs("{\"path\": ", out);
	json_string(out, path);
	json_member(out, "error", wrong->what);
	putc('}', out);
}

void tell_json_end(const struct tally *t, FILE *out)
{
	fprintf(out,
		"%s], \"summary\": {\"files\": %lu, \"covered\": %lu, \"partly\": %lu, "
		"\"not_covered\": %lu, \"wrong\": %lu, \"findings\": %lu}}\n",
		t->files + t->wrong ? "\n" : "{\"files\": [", t->files,
		t->reached[REACH_ALL], t->reached[REACH_PART], t->reached[REACH_NONE],
		t->wrong, t->findings);
}
