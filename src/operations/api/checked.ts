import type { FastifyReply } from "fastify";
import type { z } from "zod";

/** What was sent, when it has the shape that is wanted; answers 400 with a sentence when not. */
export function checked<Shape extends z.ZodType>(
  shape: Shape,
  sent: unknown,
  reply: FastifyReply,
): z.infer<Shape> | undefined {
  const parsed = shape.safeParse(sent);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue?.path.join(".") || "body";
  void reply.code(400).send({ error: `${key}: ${issue?.message ?? "not what is expected"}` });
  return undefined;
}
