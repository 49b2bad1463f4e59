/** What a table lists: ids of rows, and groups between them. */

const GROUP = "group:";

export const groupItem = (id: string) => GROUP + id;
export const isGroup = (item: string) => item.startsWith(GROUP);
export const groupId = (item: string) => item.slice(GROUP.length);
