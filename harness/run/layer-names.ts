import type { Permission } from '../../core/client/index.ts';

/** The layers in the order they run, and what each needs to be allowed. */
export const layerNames = ['contracts', 'property', 'load'] as const;

export type LayerName = (typeof layerNames)[number];

export const needs: Record<LayerName, Permission> = { contracts: 'read', property: 'read', load: 'load' };

export function isLayerName(name: string): name is LayerName {
  return (layerNames as readonly string[]).includes(name);
}
